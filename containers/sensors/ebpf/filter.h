// The file records that never leave the kernel.
#pragma once

/* Fills the kernel's list of path prefixes. Gives -1 and errno when it cannot. */
int load_filters(int map);
