internal import CSystemShims

/// The C library's heap.
package enum Heap {
    /// Makes threads share one heap. We work on one at a time, and every further heap grows page by page, each time with
    /// a system call: 400 of them for a status of 100 bonds. To be called before there are threads.
    package static func prepare() { aggctl_share_heap() }
}
