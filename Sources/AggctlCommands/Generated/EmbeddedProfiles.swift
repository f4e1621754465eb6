// swift-format-ignore-file
// Written by `make generate` from profiles/: change the files there, not here.

/// The files of `profiles/`, carried inside the program so that it works without any file beside it.
package enum EmbeddedProfiles {
    /// Path below `profiles/` and text of each file, in order of path.
    package static let files: [(path: StaticString, text: StaticString)] = [
    ]
}
