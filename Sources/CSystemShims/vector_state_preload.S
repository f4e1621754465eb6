// A shared object, spelled out: the program carries it as data and writes it to a file when a lab needs it (see
// aggctl_vector_state_preload). It is assembled here because a package cannot build a library and put it into a program.
// Addresses in the object are offsets from its first byte, so what refers to a label by distance is right in both places.
#if defined(__x86_64__)

#include <asm/unistd.h>

// elf(5) and ptrace(2): their headers are for C only.
#define ET_DYN 3
#define EM_X86_64 62
#define EV_CURRENT 1
#define PT_LOAD 1
#define PT_DYNAMIC 2
#define PT_GNU_STACK 0x6474e551
#define PF_X 1
#define PF_W 2
#define PF_R 4
#define DT_NULL 0
#define DT_HASH 4
#define DT_STRTAB 5
#define DT_SYMTAB 6
#define DT_RELA 7
#define DT_RELASZ 8
#define DT_RELAENT 9
#define DT_STRSZ 10
#define DT_SYMENT 11
#define GLOBAL_FUNCTION 0x12
#define R_X86_64_GLOB_DAT 6
#define SETREGSET 0x4205
#define NT_X86_XSTATE 0x202
#define ROOM 16384
#define AT(label) (label - aggctl_vector_state_image)

    .section .rodata
    .globl aggctl_vector_state_image, aggctl_vector_state_image_end
    .hidden aggctl_vector_state_image, aggctl_vector_state_image_end
    .balign 16
aggctl_vector_state_image:
    .byte 0x7f, 'E', 'L', 'F', 2, 1, EV_CURRENT, 0   // 64 bit, little endian, System V
    .quad 0
    .short ET_DYN, EM_X86_64
    .long EV_CURRENT
    .quad 0, AT(.Lsegments), 0      // entry, program headers, section headers
    .long 0
    .short 64, 56, 4, 64, 0, 0      // sizes and counts of headers

.Lsegments:
    .long PT_LOAD, PF_R | PF_X
    .quad 0, 0, 0, AT(.Lcode_end), AT(.Lcode_end), 4096
    .long PT_LOAD, PF_R | PF_W
    .quad AT(.Ldata), AT(.Ldata), AT(.Ldata), AT(.Lend) - AT(.Ldata), AT(.Lend) - AT(.Ldata) + ROOM, 4096
    .long PT_DYNAMIC, PF_R | PF_W
    .quad AT(.Ldata), AT(.Ldata), AT(.Ldata), AT(.Lgot) - AT(.Ldata), AT(.Lgot) - AT(.Ldata), 8
    .long PT_GNU_STACK, PF_R | PF_W
    .quad 0, 0, 0, 0, 0, 16

.Lhash:                             // one bucket with both symbols
    .long 1, 3, 1
    .long 0, 2, 0
.Lsymbols:
    .quad 0, 0, 0
    .long .Lptrace_name - .Lstrings
    .byte GLOBAL_FUNCTION, 0
    .short 1
    .quad AT(.Lptrace), .Lcode_end - .Lptrace
    .long .Lerrno_name - .Lstrings
    .byte GLOBAL_FUNCTION, 0
    .short 0                        // not here: the C library's
    .quad 0, 0
.Lstrings:
    .byte 0
.Lptrace_name:
    .asciz "ptrace"
.Lerrno_name:
    .asciz "__errno_location"
.Lstrings_end:
    .balign 8
.Lrelocations:
    .quad AT(.Lgot), (2 << 32) | R_X86_64_GLOB_DAT, 0

    .balign 16
.Lptrace:                           // edi request, esi process, rdx address, rcx data
    movl %edi, %edi
    movq %rcx, %r10
    cmpl $SETREGSET, %edi
    jne .Lpeek
    cmpq $NT_X86_XSTATE, %rdx
    jne .Lforward

    movl .Lsize(%rip), %eax
    testl %eax, %eax
    jnz .Lsized
    pushq %rbx
    movq %rdx, %r8
    movl $0xd, %eax
    xorl %ecx, %ecx
    cpuid
    movl %ebx, %eax
    movl %eax, .Lsize(%rip)
    movq %r8, %rdx
    popq %rbx
.Lsized:
    movq 8(%r10), %rcx
    cmpq %rax, %rcx
    jae .Lforward
    cmpl $ROOM, %eax
    ja .Lforward
    movq %rdi, %r8
    movq %rsi, %r9
    movl %eax, %r11d
    leaq .Lend(%rip), %rdi
    movq (%r10), %rsi
    rep movsb
    movl %r11d, %ecx                // the rest is zero, not what an earlier and longer state left there
    subq 8(%r10), %rcx
    xorl %eax, %eax
    rep stosb
    movl %r11d, %eax
    movq %r8, %rdi
    movq %r9, %rsi
    leaq .Lend(%rip), %rcx
    pushq %rax
    pushq %rcx
    movq %rsp, %r10
    movl $__NR_ptrace, %eax
    syscall
    addq $16, %rsp
    jmp .Lanswer

.Lpeek:                             // the C library's way: PTRACE_PEEK* return what they read, and clear errno
    leal -1(%rdi), %eax
    cmpl $2, %eax
    ja .Lforward
    pushq $0
    movq %rsp, %r10
    movl $__NR_ptrace, %eax
    syscall
    popq %rcx
    testq %rax, %rax
    js .Lfailed
    pushq %rcx
    call *.Lgot(%rip)
    movl $0, (%rax)
    popq %rax
    ret

.Lforward:
    movl $__NR_ptrace, %eax
    syscall
.Lanswer:
    testq %rax, %rax
    js .Lfailed
    ret
.Lfailed:
    pushq %rbx
    movl %eax, %ebx
    negl %ebx
    call *.Lgot(%rip)
    movl %ebx, (%rax)
    popq %rbx
    movq $-1, %rax
    ret
.Lcode_end:

    .org aggctl_vector_state_image + 4096
.Ldata:
    .quad DT_HASH, AT(.Lhash)
    .quad DT_STRTAB, AT(.Lstrings)
    .quad DT_STRSZ, .Lstrings_end - .Lstrings
    .quad DT_SYMTAB, AT(.Lsymbols)
    .quad DT_SYMENT, 24
    .quad DT_RELA, AT(.Lrelocations)
    .quad DT_RELASZ, 24
    .quad DT_RELAENT, 24
    .quad DT_NULL, 0
.Lgot:
    .quad 0
.Lsize:
    .quad 0
.Lend:                              // the completed state follows, ROOM bytes that the file does not hold
aggctl_vector_state_image_end:

    .section .note.GNU-stack, "", @progbits
#endif
