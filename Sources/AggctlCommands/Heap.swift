internal import CSystemShims

/// The C library's heap.
package enum Heap {
    /// Suits the heap to a program that runs for a moment: threads share one, since every further heap grows page by page
    /// (400 system calls for a status of 100 bonds), and what is freed is kept, since pages cost more than they are
    /// worth. To be called before there are threads.
    package static func prepare() { aggctl_prepare_heap() }

    /// Has the kernel provide 1 MiB of the heap at once, for a command that reads the host's links: what a status of 100
    /// bonds needs. Page by page its faults took a third of that status' time in a lab kernel.
    static func populate() { aggctl_populate_heap(1 << 20) }
}
