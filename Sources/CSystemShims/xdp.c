#include "include/xdp.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

int aggctl_load_passing_xdp(void) {
    struct bpf_insn program[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_XDP;
    attributes.insns = (unsigned long)program;
    attributes.insn_cnt = sizeof program / sizeof program[0];
    attributes.license = (unsigned long)"GPL";
    long descriptor = syscall(__NR_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
    return descriptor < 0 ? -errno : (int)descriptor;
}
