# A 32-bit program: create, write, close, rename, and refused: unlink, execve. Ends with 7.
# cc -m32 -c ia32.S && ld -m elf_i386 -N -s --build-id=none ia32.o
.code32
.globl _start
_start:
	mov $5, %eax; mov $old, %ebx; mov $0101, %ecx; mov $0644, %edx; int $0x80
	mov %eax, %ebx; mov $4, %eax; mov $old, %ecx; mov $4, %edx; int $0x80
	mov $6, %eax; int $0x80
	mov $38, %eax; mov $old, %ebx; mov $new, %ecx; int $0x80
	mov $10, %eax; mov $none, %ebx; int $0x80
	mov $11, %eax; mov $none, %ebx; mov $argv, %ecx; xor %edx, %edx; int $0x80
	mov $1, %eax; mov $7, %ebx; int $0x80
old:	.asciz "/tmp/ia32-old"
new:	.asciz "/tmp/ia32-new"
none:	.asciz "/tmp/ia32-none"
.balign 4
argv:	.long none, new, 0
