// What travels from the kernel programs to the reader: one fixed header, then tagged byte strings.
#pragma once

#include "operations.h"

typedef unsigned char byte;
typedef unsigned short word;

/* Which part of the record a byte string is. */
enum tag {
	TAG_NONE,
	TAG_EXE,        /* executable of the process */
	TAG_PARENT_EXE,
	TAG_PATH,       /* what was acted upon */
	TAG_PATH2,      /* rename and link: the new name; mount: what was bound; move_mount: where it went */
	TAG_RAW,        /* path as the process gave it */
	TAG_RAW2,
	TAG_CWD,
	TAG_FILENAME,   /* exec: the path as given */
	TAG_INTERPRETER,
	TAG_ARGV,       /* arguments, each ended by NUL; consecutive pieces are one text */
	TAG_TARGET,     /* text of a symbolic link */
	TAG_SOURCE,     /* of a mount, as given */
	TAG_SOURCE_PATH, /* of a mount, within its own file system */
	TAG_FSTYPE,
	TAG_CGROUP,     /* leaf name of the control group */
	TAG_COUNT
};

/* In value of OP_CLOSE_WRITE: how the change was told already. */
enum told_before { TOLD_CREATE = 1, TOLD_WRITE = 2 };

/* Facts about a path: the first byte of every tag whose path was built from the kernel's objects. */
enum path_fact {
	PATH_DETACHED = 1,   /* not below the root of any mount namespace: memfd, lazily unmounted */
	PATH_DELETED = 2,    /* the name is gone */
	PATH_UNRESOLVED = 4, /* a part of it could not be followed and stands as it was given */
	PATH_TRUNCATED = 8,  /* longer than PATH_BYTES; the front is missing */
};

#define PATH_BYTES 4096
/* Strings begin below DATA_BYTES; the longest may run over it, hence the slack. */
#define DATA_BYTES 16384
#define DATA_SLACK (PATH_BYTES + 512)

/* A device's number is its major and, in so many bits, its minor. */
#define MINOR_BITS 20

struct record_header {
	unsigned long long seq;         /* of the sensor, from 1 */
	unsigned long long target_seq;  /* of this target, from 1 */
	unsigned long long time;        /* since boot, ns */
	unsigned long long start;       /* of the process, since boot, ns */
	unsigned long long parent_start;
	unsigned long long inode, size;
	unsigned long long value, value2; /* by operation: new mode; new uid and gid; new length; mount flags */
	unsigned int operation;
	unsigned int length;            /* bytes used in data */
	unsigned int pidns, mntns;
	unsigned int pid, tid, ns_pid, ns_tid, parent_pid, parent_ns_pid;
	unsigned int uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	unsigned int loginuid, sessionid;
	unsigned int session, process_group; /* pids of their leaders, of the host */
	unsigned int terminal;          /* device that controls the session; 0 for none */
	unsigned int interactive;       /* reads from it and complains to it */
	unsigned int mode, owner, owner_group, flags;
	unsigned int old_mode, old_owner, old_owner_group; /* before a change of these; old_mode 0 where it is not known */
	unsigned int argc, argv_bytes;
	int result;                     /* of the system call: 0 or more, or -errno */
	unsigned int abi;               /* enum abi */
	char comm[16], parent_comm[16], fs[16];
};

/* In flags of OP_EXEC and OP_ARGV_MORE: the arguments go on in another record of this task. */
#define ARGV_GOES_ON 1

struct record {
	struct record_header header;
	byte data[DATA_BYTES + DATA_SLACK];
};

/* Before each byte string in data. */
struct string_header {
	word tag, length;
};

/* By which convention a system call was made. */
enum abi { ABI_NATIVE, ABI_IA32, ABI_FOREIGN };

/* Table rows per convention; a system call number beyond it is of no interest. */
#define SYSCALLS_PER_ABI 512

/* How one system call maps to a record. Members are argument numbers, -1 when it has no such argument. */
struct syscall_shape {
	byte operation;         /* enum operation; OP_NONE: not of interest */
	byte kind;              /* enum shape_kind */
	signed char dirfd, path;
	signed char dirfd2, path2;
	signed char value, value2, flags;
	signed char fd;         /* acts on an open file instead of a path */
	byte follow;            /* enum follow_rule */
};

enum shape_kind {
	KIND_PLAIN,
	KIND_OPEN,        /* flags in an argument */
	KIND_OPEN_CREAT,  /* creat(2): flags implied */
	KIND_OPEN_HOW,    /* openat2(2): flags in struct open_how */
	KIND_WRITE,       /* the file changes by as many bytes as the call returns */
	KIND_ALLOCATE,    /* fallocate(2): the file changes */
	KIND_MAP,         /* the file may change through shared memory from now on */
	KIND_CLOSE,       /* may end a change: looked at on entry */
	KIND_CLOSE_RANGE,
	KIND_EXEC,        /* entry: close-on-exec files; exit: the failed attempt */
};

/* Whether a symbolic link in the last component is followed. */
enum follow_rule {
	FOLLOW_NEVER,
	FOLLOW_ALWAYS,
	FOLLOW_UNLESS_FLAG, /* AT_SYMLINK_NOFOLLOW in flags */
	FOLLOW_IF_FLAG,     /* AT_SYMLINK_FOLLOW in flags */
};

/* One watched target, keyed by pid namespace. */
struct target {
	unsigned long long seq, lost;
};

/* A path prefix whose file records are dropped or kept in the kernel; the longest one decides. */
#define FILTER_BYTES 60
struct filter_key {
	unsigned int bits;
	char path[FILTER_BYTES];
};
enum filter_verdict { FILTER_KEEP = 1, FILTER_DROP, FILTER_DROP_JOURNALD, FILTER_USER_RUNTIME };
