// Which system calls are of interest, and which argument is which.
#pragma once

/* Fills the kernel's table of shapes. Gives -1 and errno when it cannot. */
int load_syscalls(int map);
