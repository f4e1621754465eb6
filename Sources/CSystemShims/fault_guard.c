#define _GNU_SOURCE
#include "include/fault_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Long enough for any request that lifts a fault.
enum { LONGEST_REQUEST = 512 };

// Sends a request to the kernel and reads its answer. Returns 0, or the status that the guard ends with.
static int carry_out(const uint8_t *request, unsigned length) {
    uint8_t message[LONGEST_REQUEST];
    if (length < sizeof(struct nlmsghdr) || length > sizeof message) return 5;
    for (unsigned place = 0; place < length; place++) message[place] = request[place];
    struct nlmsghdr *header = (struct nlmsghdr *)message;
    header->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;

    int channel = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (channel < 0) return 3;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    // A request is carried out before its send returns, and its answer is there then.
    if (sendto(channel, message, length, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0) return 4;
    struct {
        struct nlmsghdr header;
        struct nlmsgerr result;
        uint8_t rest[1024];
    } answer;
    ssize_t count;
    do count = recv(channel, &answer, sizeof answer, MSG_DONTWAIT);
    while (count < 0 && errno == EINTR);
    if (count < (ssize_t)(sizeof answer.header + sizeof answer.result.error)) return 6;
    return answer.header.nlmsg_type == NLMSG_ERROR && answer.result.error == 0 ? 0 : 7;
}

// Runs in the child of a process with threads: nothing but async-signal-safe calls (signal-safety(7)).
static void guard_main(int pipe, int namespace, const uint8_t *request, unsigned length) {
    char word;
    ssize_t count;

    setsid();
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    // Whoever waits for our output to end must not wait for the guard too.
    int keep[2] = {pipe < namespace ? pipe : namespace, pipe < namespace ? namespace : pipe};
    if (keep[0] > 0) syscall(SYS_close_range, 0, keep[0] - 1, 0);
    if (keep[1] > keep[0] + 1) syscall(SYS_close_range, keep[0] + 1, keep[1] - 1, 0);
    syscall(SYS_close_range, keep[1] + 1, ~0U, 0);

    do count = read(pipe, &word, 1);
    while (count < 0 && errno == EINTR);
    if (count > 0) _exit(0);

    if (setns(namespace, CLONE_NEWNET) != 0) _exit(2);
    _exit(carry_out(request, length));
}

int aggctl_guard_start(int namespace, const uint8_t *request, unsigned length, aggctl_guard *guard) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        return -error;
    }
    if (pid == 0) {
        close(ends[1]);
        guard_main(ends[0], namespace, request, length);
    }
    close(ends[0]);
    guard->pid = pid;
    guard->descriptor = ends[1];
    return 0;
}

int aggctl_guard_end(aggctl_guard guard, int lift) {
    int error = 0;
    if (!lift && write(guard.descriptor, "d", 1) != 1) error = errno;
    close(guard.descriptor);
    int status = 0;
    pid_t ended;
    do ended = waitpid(guard.pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) return -errno;
    if (error != 0) return -error;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
