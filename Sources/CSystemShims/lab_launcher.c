#define _GNU_SOURCE
#include "include/lab_launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Between fork and exec only calls that are safe in the child of a program with threads.

/// What the child says over the pipe: which layers hold, before the program runs, or why it does not.
struct report {
    int error;
    uint32_t held;
};

/// Above what a child keeps, and below the lowest limit that a lab can start with.
enum { LIFTED = 16 };

/// Moves descriptors to 0, 1, … and closes all others. They may overlap with their targets, so they are lifted out of the
/// way first.
static int keep_only(const int *descriptors, int count) {
    int lifted[8];
    for (int i = 0; i < count; i++) {
        lifted[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, LIFTED);
        // A number beyond the limit is called invalid.
        if (lifted[i] < 0) return errno == EINVAL ? -EMFILE : -errno;
    }
    for (int i = 0; i < count; i++)
        if (dup2(lifted[i], i) < 0) return -errno;
    return close_range((unsigned)count, ~0U, 0) < 0 ? -errno : 0;
}

static void tell(int descriptor, struct report report) {
    while (write(descriptor, &report, sizeof report) < 0 && errno == EINTR) {}
}

static void give_up(int report_to, int error) {
    tell(report_to, (struct report){.error = error});
    _exit(127);
}

/// A guard that died before the kernel asked for a signal at its death sends none.
static void die_with(int guard) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct pollfd death = {.fd = guard, .events = POLLIN};
    if (guard >= 0 && poll(&death, 1, 0) > 0) _exit(127);
}

static void run_kernel(const struct aggctl_lab_launch *launch, int guard, int report_to) {
    die_with(guard);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0) give_up(report_to, errno);
    // The program has the first four; the fifth ends with it.
    int wanted[5] = {nothing, launch->log, launch->log, launch->channel, report_to};
    int error = keep_only(wanted, 5);
    if (error) give_up(report_to, -error);
    report_to = 4;
    if (fcntl(report_to, F_SETFD, FD_CLOEXEC) < 0) give_up(report_to, errno);
    if (chdir(launch->directory) < 0) give_up(report_to, errno);
    tell(report_to, (struct report){.held = aggctl_lab_build_wall(launch->wall)});
    execve(launch->program, launch->arguments, launch->environment);
    give_up(report_to, errno);
}

/// Kills the guard's own children as far as the kernel lists them, which it need not be built to do.
static void kill_children(void) {
    int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0) return;
    char text[4096];
    ssize_t size = read(list, text, sizeof text);
    close(list);
    pid_t pid = 0;
    for (ssize_t i = 0; i < size; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            pid = pid * 10 + (text[i] - '0');
        } else if (pid > 0) {
            kill(pid, SIGKILL);
            pid = 0;
        }
    }
}

/// Ends every descendant. No process namespace is needed for that: making one takes root or a user namespace, and that
/// would show every file of root as nobody's to the guest. The guard is their subreaper: when one dies its children become
/// the guard's own, so killing and reaping direct children until none is left reaches them all.
///
/// The kernel, which may be dead but is not reaped yet, leads a group with all that it started; that reaches them where
/// children are not listed. What cannot be killed is not waited for.
static void end_children(pid_t kernel, const sigset_t *children) {
    kill(kernel, SIGKILL);
    kill(-kernel, SIGKILL);
    const struct timespec turn = {.tv_nsec = 20000000};
    for (int turns = 0; turns < 250; turns++) {
        kill_children();
        pid_t ended;
        do ended = waitpid(-1, NULL, WNOHANG);
        while (ended > 0);
        if (ended < 0 && errno == ECHILD) return;
        sigtimedwait(children, NULL, &turn);
    }
}

/// Reaps whatever ended but the kernel. Returns whether that has ended, and how.
static int has_ended(pid_t kernel, int *status) {
    for (;;) {
        siginfo_t end = {0};
        if (waitid(P_ALL, 0, &end, WEXITED | WNOHANG | WNOWAIT) < 0 || end.si_pid == 0) return 0;
        if (end.si_pid == kernel) {
            *status = end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
            return 1;
        }
        waitpid(end.si_pid, NULL, 0);
    }
}

/// Waits until the kernel ends or nobody holds the other end of the lifeline. Returns the kernel's status.
static int watch(pid_t kernel, int lifeline, int death) {
    int status = 0;
    for (;;) {
        struct pollfd wait_for[2] = {{.fd = lifeline, .events = POLLIN}, {.fd = death, .events = POLLIN}};
        if (poll(wait_for, 2, -1) < 0 && errno != EINTR) return 0;
        if (wait_for[0].revents) return 0;
        struct signalfd_siginfo ignored;
        while (read(death, &ignored, sizeof ignored) > 0) {}
        if (has_ended(kernel, &status)) return status;
    }
}

static void guard(const struct aggctl_lab_launch *launch, int report_to) {
    setsid();
    prctl(PR_SET_NAME, "aggctl-lab");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_SETMASK, &children, NULL);

    if (launch->namespaces && unshare(launch->namespaces) < 0) give_up(report_to, errno);
    int own = (int)syscall(SYS_pidfd_open, getpid(), 0);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int death = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (nothing < 0 || death < 0 || chdir("/") < 0) give_up(report_to, errno);

    pid_t kernel = fork();
    if (kernel < 0) give_up(report_to, errno);
    if (kernel == 0) run_kernel(launch, own, report_to);

    int kept[6] = {nothing, nothing, nothing, launch->lifeline, launch->lock, death};
    int error = keep_only(kept, 6);
    int status = error ? 127 : watch(kernel, 3, 5);
    end_children(kernel, &children);
    if (error) give_up(report_to, -error);
    _exit(status);
}

/// Reads once what a child says; 0 when it has no more to say.
static ssize_t hear(int descriptor, struct report *report) {
    ssize_t size;
    do size = read(descriptor, report, sizeof *report);
    while (size < 0 && errno == EINTR);
    return size;
}

pid_t aggctl_lab_launch(const struct aggctl_lab_launch *launch, uint32_t *held) {
    int reports[2];
    if (pipe2(reports, O_CLOEXEC) < 0) return -errno;
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;
        close(reports[0]);
        close(reports[1]);
        return -error;
    }
    if (pid == 0) {
        close(reports[0]);
        guard(launch, reports[1]);
    }
    close(reports[1]);
    *held = 0;
    struct report report = {0};
    while (report.error == 0 && hear(reports[0], &report) > 0)
        if (report.error == 0) *held = report.held;
    close(reports[0]);
    if (report.error == 0) return pid;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return -report.error;
}

int aggctl_lab_namespaces(void) { return CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS; }

static volatile sig_atomic_t signal_descriptor = -1;
static struct sigaction earlier[NSIG];

static void pass_on(int number) {
    int kept = errno;
    unsigned char byte = (unsigned char)number;
    if (signal_descriptor >= 0) {
        ssize_t ignored = write(signal_descriptor, &byte, 1);
        (void)ignored;
    }
    errno = kept;
}

/// Puts back what was there before for the first `count` of the signals.
static int unwatch(const int *signals, int count) {
    int result = 0;
    for (int i = 0; i < count; i++)
        if (sigaction(signals[i], &earlier[signals[i]], NULL) < 0) result = -errno;
    signal_descriptor = -1;
    return result;
}

int aggctl_lab_watch_signals(int descriptor, const int *signals, int count) {
    for (int i = 0; i < count; i++)
        if (signals[i] <= 0 || signals[i] >= NSIG) return -EINVAL;
    if (descriptor < 0) return signal_descriptor < 0 ? 0 : unwatch(signals, count);
    // Twice would take our own handlers for what was there before.
    if (signal_descriptor >= 0) return -EBUSY;
    signal_descriptor = descriptor;
    struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < count; i++) {
        if (sigaction(signals[i], &action, &earlier[signals[i]]) < 0) {
            int error = errno;
            unwatch(signals, i);
            return -error;
        }
        // What the caller had ignored (nohup, a background job) stays ignored.
        if (earlier[signals[i]].sa_handler == SIG_IGN) sigaction(signals[i], &earlier[signals[i]], NULL);
    }
    return 0;
}
