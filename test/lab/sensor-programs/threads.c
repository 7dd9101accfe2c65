// Sixteen threads that sleep, and a process that ends under them with 5. No libc; built as uring.c is.
#include <asm/unistd.h>

static char stacks[16][256] __attribute__((aligned(16)));

static void thread(char *stack)
{
	long result;
	register long r10 asm("r10") = 0, r8 asm("r8") = 0;

	/* CLONE_VM | FS | FILES | SIGHAND | THREAD | SYSVSEM; the child calls pause(2) for ever */
	asm volatile("syscall\n"
		     "test %%rax, %%rax\n"
		     "jnz 1f\n"
		     "2: mov $34, %%eax\n"
		     "syscall\n"
		     "jmp 2b\n"
		     "1:"
		     : "=a"(result)
		     : "a"(__NR_clone), "D"(0x50f00L), "S"(stack), "d"(0L), "r"(r10), "r"(r8)
		     : "rcx", "r11", "memory");
}

void _start(void)
{
	for (int i = 0; i < 16; i++)
		thread(stacks[i] + sizeof(stacks[i]));
	asm volatile("syscall" : : "a"(__NR_exit_group), "D"(5L));
	__builtin_unreachable();
}
