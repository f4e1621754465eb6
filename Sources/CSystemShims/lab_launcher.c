#define _GNU_SOURCE
#include "include/lab_launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// Between fork and exec only calls that are safe in the child of a program with threads.

/// Moves descriptors to `from`, `from + 1`, …; they may overlap with their targets, so they are lifted out of the way first.
static int place(const int *descriptors, int count, int from) {
    int lifted[4];
    for (int i = 0; i < count; i++) {
        lifted[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 300);
        if (lifted[i] < 0) return -errno;
    }
    for (int i = 0; i < count; i++)
        if (dup2(lifted[i], from + i) < 0) return -errno;
    return 0;
}

static void report(int descriptor, int error) {
    while (write(descriptor, &error, sizeof error) < 0 && errno == EINTR) {}
    _exit(127);
}

static void run_kernel(const struct aggctl_lab_launch *launch, int report_to) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0) report(report_to, errno);
    int wanted[4] = {nothing, launch->log, launch->log, launch->channel};
    report_to = fcntl(report_to, F_DUPFD_CLOEXEC, 400);
    int error = place(wanted, 4, 0);
    if (error) report(report_to, -error);
    if (report_to > 4) close_range(4, report_to - 1, 0);
    close_range(report_to + 1, ~0U, 0);
    if (chdir(launch->directory) < 0) report(report_to, errno);
    execve(launch->program, launch->arguments, launch->environment);
    report(report_to, errno);
}

/// Ends every descendant. No process namespace is needed for that: making one takes root or a user namespace, and that
/// would show every file of root as nobody's to the guest. The guard is their subreaper: when one dies its children become the guard's own, so killing
/// and reaping direct children until none is left reaches them all.
static void end_children(pid_t kernel) {
    if (kernel > 0) kill(kernel, SIGKILL);
    for (;;) {
        int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
        if (list >= 0) {
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
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD) return;
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

    if (launch->namespaces && unshare(launch->namespaces) < 0) report(report_to, errno);

    pid_t kernel = fork();
    if (kernel < 0) report(report_to, errno);
    if (kernel == 0) run_kernel(launch, report_to);

    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int death = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (nothing < 0 || death < 0 || chdir("/") < 0) {
        int error = errno;
        end_children(kernel);
        report(report_to, error);
    }
    int kept[3] = {launch->lifeline, launch->lock, death};
    int streams[3] = {nothing, nothing, nothing};
    if (place(kept, 3, 200) < 0 || place(streams, 3, 0) < 0) {
        end_children(kernel);
        report(report_to, EMFILE);
    }
    close_range(3, 199, 0);
    close_range(203, ~0U, 0);

    int status = 0;
    for (;;) {
        struct pollfd wait_for[2] = {{.fd = 200, .events = POLLIN}, {.fd = 202, .events = POLLIN}};
        if (poll(wait_for, 2, -1) < 0 && errno != EINTR) break;
        if (wait_for[0].revents) break;
        if (wait_for[1].revents) {
            struct signalfd_siginfo ignored;
            while (read(202, &ignored, sizeof ignored) > 0) {}
            pid_t ended;
            int ending;
            while ((ended = waitpid(-1, &ending, WNOHANG)) > 0) {
                if (ended != kernel) continue;
                kernel = 0;
                status = WIFEXITED(ending) ? WEXITSTATUS(ending) : 128 + WTERMSIG(ending);
            }
            if (kernel == 0) break;
        }
    }
    end_children(kernel);
    _exit(status);
}

pid_t aggctl_lab_launch(const struct aggctl_lab_launch *launch) {
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
    int error = 0;
    ssize_t size;
    do size = read(reports[0], &error, sizeof error);
    while (size < 0 && errno == EINTR);
    close(reports[0]);
    if (size <= 0) return pid;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return -error;
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

int aggctl_lab_watch_signals(int descriptor, const int *signals, int count) {
    struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    int stop = descriptor < 0;
    if (!stop) signal_descriptor = descriptor;
    for (int i = 0; i < count; i++) {
        int number = signals[i];
        if (number <= 0 || number >= NSIG) return -EINVAL;
        if (sigaction(number, stop ? &earlier[number] : &action, stop ? NULL : &earlier[number]) < 0) return -errno;
        // What the caller had ignored (nohup, a background job) stays ignored.
        if (!stop && earlier[number].sa_handler == SIG_IGN) sigaction(number, &earlier[number], NULL);
    }
    if (stop) signal_descriptor = -1;
    return 0;
}

int aggctl_lab_loopback_up(void) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    struct ifreq request = {.ifr_name = "lo"};
    int result = ioctl(descriptor, SIOCGIFFLAGS, &request);
    if (result == 0) {
        request.ifr_flags |= IFF_UP;
        result = ioctl(descriptor, SIOCSIFFLAGS, &request);
    }
    int error = errno;
    close(descriptor);
    return result < 0 ? -error : 0;
}

int aggctl_lab_new_network_namespace(void) { return unshare(CLONE_NEWNET) < 0 ? -errno : 0; }

int aggctl_lab_window(int descriptor, unsigned short *rows, unsigned short *columns) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) < 0) return -errno;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int aggctl_lab_set_window(int descriptor, unsigned short rows, unsigned short columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(descriptor, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}

int aggctl_lab_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

int aggctl_lab_open_terminal(char *path, size_t size) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -errno;
    int error = grantpt(master) < 0 || unlockpt(master) < 0 ? errno : ptsname_r(master, path, size);
    if (error == 0) return master;
    close(master);
    return -error;
}

int aggctl_lab_close_from(posix_spawn_file_actions_t *actions, int first) {
    return -posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int aggctl_lab_own_session(posix_spawnattr_t *attributes) {
    sigset_t every, none;
    sigfillset(&every);
    sigemptyset(&none);
    int error = posix_spawnattr_setsigdefault(attributes, &every);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    return -error;
}
