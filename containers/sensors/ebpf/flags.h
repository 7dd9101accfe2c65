// Bits of the system call interface that the programs look at; the same on x86-64 and arm64.
#pragma once

#define O_WRONLY 01
#define O_ACCMODE 03
#define O_CREAT 0100
#define O_EXCL 0200
#define O_TRUNC 01000
#define O_PATH 010000000

#define AT_FDCWD (-100)
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_REMOVEDIR 0x200
#define AT_SYMLINK_FOLLOW 0x400

#define CLOSE_RANGE_CLOEXEC 4
#define MAP_SHARED 1
#define MS_BIND 0x1000
#define MS_MOVE 0x2000

/* st_mode */
#define MODE_TYPE 0170000
#define MODE_REGULAR 0100000
#define MODE_LINK 0120000
