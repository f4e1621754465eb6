#define _GNU_SOURCE
#include "lab_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

// A list of what is refused and not of what is allowed: kernels of three years run here, each with a C library of its
// own, and what one of them lacks shows as a guest that does not boot. By path Landlock or the mounts refuse already;
// here is what neither reaches: what needs no writing (modes, owners, times), and what is no file.

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// Newer than the headers of Debian 12; one number on all architectures.
enum { FCHMODAT2 = 452, SETXATTRAT = 463, REMOVEXATTRAT = 466, FILE_SETATTR = 469, OPEN_TREE_ATTR = 467 };

static const uint32_t namespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

/// Which of its calls a row is about.
enum test { ALWAYS, EQUAL, ANY_BIT };

struct refusal {
    uint32_t call;
    uint32_t answer;
    enum test test;
    int argument;
    uint32_t value;
};

#define REFUSED(call) {call, EPERM, ALWAYS, 0, 0}
#define REFUSED_IF(call, argument, test, value) {call, EPERM, test, argument, value}
/// Its arguments are in memory, where a filter cannot look; the C library takes the older call then.
#define UNKNOWN(call) {call, ENOSYS, ALWAYS, 0, 0}

static const struct refusal refusals[] = {
    // First what the kernel calls all the time. It traces its own children, who ask for it.
    REFUSED_IF(SYS_ptrace, 0, EQUAL, PTRACE_ATTACH), REFUSED_IF(SYS_ptrace, 0, EQUAL, PTRACE_SEIZE),
    // Modes, owners, times, attributes: by path and by a descriptor that is open for reading.
#ifdef SYS_chmod
    REFUSED(SYS_chmod), REFUSED(SYS_chown), REFUSED(SYS_lchown), REFUSED(SYS_utime), REFUSED(SYS_utimes),
    REFUSED(SYS_futimesat), REFUSED(SYS_creat), REFUSED_IF(SYS_open, 1, ANY_BIT, O_TRUNC),
#endif
    REFUSED(SYS_fchmod), REFUSED(SYS_fchmodat), REFUSED(FCHMODAT2), REFUSED(SYS_fchown), REFUSED(SYS_fchownat),
    REFUSED(SYS_utimensat), REFUSED(SYS_setxattr), REFUSED(SYS_lsetxattr), REFUSED(SYS_fsetxattr),
    REFUSED(SYS_removexattr), REFUSED(SYS_lremovexattr), REFUSED(SYS_fremovexattr), REFUSED(SETXATTRAT),
    REFUSED(REMOVEXATTRAT), REFUSED(FILE_SETATTR), REFUSED_IF(SYS_ioctl, 1, EQUAL, FS_IOC_SETFLAGS),
    REFUSED_IF(SYS_ioctl, 1, EQUAL, FS_IOC_FSSETXATTR), REFUSED_IF(SYS_ioctl, 1, EQUAL, TIOCSTI),
    // Before version 3 of Landlock a file can be emptied without being opened for writing.
    REFUSED(SYS_truncate), REFUSED_IF(SYS_openat, 2, ANY_BIT, O_TRUNC), UNKNOWN(SYS_openat2),
    // Sockets of any kind: the bus, the agents and the networks of the user. The kernel's line is open already.
    REFUSED(SYS_socket), UNKNOWN(SYS_io_uring_setup),
    // Other processes of the user. One of them can still be signalled by its number before Landlock keeps that in.
    REFUSED_IF(SYS_kill, 0, EQUAL, UINT32_MAX), REFUSED(SYS_rt_sigqueueinfo), REFUSED(SYS_rt_tgsigqueueinfo),
    REFUSED(SYS_pidfd_send_signal),
    REFUSED_IF(SYS_prlimit64, 0, ANY_BIT, UINT32_MAX), REFUSED(SYS_process_vm_readv), REFUSED(SYS_process_vm_writev),
    REFUSED(SYS_pidfd_getfd), REFUSED(SYS_kcmp), REFUSED(SYS_process_madvise),
    REFUSED(SYS_shmget), REFUSED(SYS_shmat), REFUSED(SYS_shmctl), REFUSED(SYS_semget), REFUSED(SYS_semctl),
    REFUSED(SYS_semop), REFUSED(SYS_semtimedop), REFUSED(SYS_msgget), REFUSED(SYS_msgsnd), REFUSED(SYS_msgrcv),
    REFUSED(SYS_msgctl), REFUSED(SYS_mq_open), REFUSED(SYS_mq_unlink),
    REFUSED(SYS_add_key), REFUSED(SYS_request_key), REFUSED(SYS_keyctl),
    // Namespaces and mounts: what would show the tree in another way.
    REFUSED_IF(SYS_clone, 0, ANY_BIT, namespaces), UNKNOWN(SYS_clone3), REFUSED(SYS_unshare), REFUSED(SYS_setns),
    REFUSED(SYS_mount), REFUSED(SYS_umount2), REFUSED(SYS_pivot_root), REFUSED(SYS_chroot), REFUSED(SYS_fsopen),
    REFUSED(SYS_fspick), REFUSED(SYS_fsconfig), REFUSED(SYS_fsmount), REFUSED(SYS_open_tree), REFUSED(OPEN_TREE_ATTR),
    REFUSED(SYS_move_mount), REFUSED(SYS_mount_setattr), REFUSED(SYS_open_by_handle_at),
    // The machine and its kernel.
    REFUSED(SYS_init_module), REFUSED(SYS_finit_module), REFUSED(SYS_delete_module), REFUSED(SYS_kexec_load),
    REFUSED(SYS_reboot), REFUSED(SYS_bpf), REFUSED(SYS_perf_event_open), REFUSED(SYS_userfaultfd),
    REFUSED(SYS_syslog), REFUSED(SYS_swapon), REFUSED(SYS_swapoff), REFUSED(SYS_acct), REFUSED(SYS_quotactl),
    REFUSED(SYS_sethostname), REFUSED(SYS_setdomainname), REFUSED(SYS_settimeofday), REFUSED(SYS_clock_settime),
    REFUSED(SYS_adjtimex), REFUSED(SYS_clock_adjtime), REFUSED(SYS_fanotify_init),
};

enum { ROWS = sizeof refusals / sizeof *refusals, LONGEST_ROW = 5, HEAD = 6 };

static size_t add(struct sock_filter *program, size_t size, uint16_t code, uint32_t value, uint8_t yes, uint8_t no) {
    program[size] = (struct sock_filter){code, yes, no, value};
    return size + 1;
}

static size_t load(struct sock_filter *program, size_t size, size_t offset) {
    return add(program, size, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/// The lower half of an argument: all that is asked about here are 32 bits wide.
static size_t argument(int number) {
    return offsetof(struct seccomp_data, args) + (size_t)number * sizeof(uint64_t);
}

/// The number of the call is loaded before and after every row.
static size_t add_row(struct sock_filter *program, size_t size, const struct refusal *row) {
    const uint32_t answer = SECCOMP_RET_ERRNO | row->answer;
    if (row->test == ALWAYS) {
        size = add(program, size, BPF_JMP | BPF_JEQ | BPF_K, row->call, 0, 1);
        return add(program, size, BPF_RET | BPF_K, answer, 0, 0);
    }
    const uint16_t test = row->test == EQUAL ? BPF_JEQ : BPF_JSET;
    size = add(program, size, BPF_JMP | BPF_JEQ | BPF_K, row->call, 0, 4);
    size = load(program, size, argument(row->argument));
    size = add(program, size, BPF_JMP | test | BPF_K, row->value, 0, 1);
    size = add(program, size, BPF_RET | BPF_K, answer, 0, 0);
    return load(program, size, offsetof(struct seccomp_data, nr));
}

int aggctl_lab_filter_calls(void) {
#ifdef ARCHITECTURE
    struct sock_filter program[HEAD + ROWS * LONGEST_ROW + 1];
    size_t size = load(program, 0, offsetof(struct seccomp_data, arch));
    size = add(program, size, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    size = add(program, size, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
    size = load(program, size, offsetof(struct seccomp_data, nr));
    // x32 has numbers of its own for the same calls; nothing else is up there.
    size = add(program, size, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    size = add(program, size, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
    for (size_t i = 0; i < ROWS; i++) size = add_row(program, size, &refusals[i]);
    size = add(program, size, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    struct sock_fprog filter = {(unsigned short)size, program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
#else
    errno = ENOSYS;
    return -1;
#endif
}
