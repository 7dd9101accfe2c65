// One record as one line of JSON.
#include "print.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

static const char *const names[OP_COUNT] = {
	[OP_EXEC] = "exec",
	[OP_EXEC_FAILED] = "exec_failed",
	[OP_FORK] = "fork",
	[OP_EXIT] = "exit",
	[OP_ALIVE] = "alive",
	[OP_CREATE] = "create",
	[OP_OPEN_WRITE] = "open_write",
	[OP_CLOSE_WRITE] = "close_write",
	[OP_RENAME] = "rename",
	[OP_UNLINK] = "unlink",
	[OP_RMDIR] = "rmdir",
	[OP_MKDIR] = "mkdir",
	[OP_SYMLINK] = "symlink",
	[OP_LINK] = "link",
	[OP_MKNOD] = "mknod",
	[OP_CHMOD] = "chmod",
	[OP_CHOWN] = "chown",
	[OP_TRUNCATE] = "truncate",
	[OP_MOUNT] = "mount",
	[OP_UMOUNT] = "umount",
	[OP_MOVE_MOUNT] = "move_mount",
	[OP_PIVOT_ROOT] = "pivot_root",
	[OP_CHROOT] = "chroot",
	[OP_IO_URING] = "io_uring",
	[OP_FOREIGN_ABI] = "foreign_abi",
};

/* How a byte string of the record is called; those with facts begin with a byte of enum path_fact. */
static const struct {
	const char *name, *facts;
} strings[TAG_COUNT] = {
	[TAG_EXE] = { "exe", "exe_facts" },
	[TAG_PARENT_EXE] = { "parent_exe", "parent_exe_facts" },
	[TAG_PATH] = { "path", "path_facts" },
	[TAG_PATH2] = { "path2", "path2_facts" },
	[TAG_RAW] = { "raw", NULL },
	[TAG_RAW2] = { "raw2", NULL },
	[TAG_CWD] = { "cwd", "cwd_facts" },
	[TAG_FILENAME] = { "filename", NULL },
	[TAG_INTERPRETER] = { "interpreter", NULL },
	[TAG_TARGET] = { "target", NULL },
	[TAG_SOURCE] = { "source", NULL },
	[TAG_FSTYPE] = { "fstype", NULL },
	[TAG_CGROUP] = { "cgroup", NULL },
};

/* Programs started whose arguments did not fit into one record. Few at a time: one per CPU. */
#define WAITING_MAX 64
#define ARGV_MAX (128 << 10)
struct waiting {
	struct record record;
	unsigned parts;
	size_t argv_length;
	char argv[ARGV_MAX];
};
static struct waiting *waiting[WAITING_MAX];

static long long clock_offset;

void set_clock_offset(long long nanoseconds)
{
	clock_offset = nanoseconds;
}

static void print_facts(const char *name, unsigned facts)
{
	static const char *const words[] = { "detached", "deleted", "unresolved", "truncated" };
	char list[64] = "";
	size_t length = 0;

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (facts >> i & 1) {
			strcpy(list + length, words[i]);
			length += strlen(words[i]) + 1;
		}
	if (length)
		json_strings(name, list, length);
}

static void print_identity(const struct record_header *header)
{
	json_unsigned("seq", header->seq);
	json_unsigned("target_seq", header->target_seq);
	json_time("time", header->time + clock_offset);
	json_unsigned("pidns", header->pidns);
	json_unsigned("mntns", header->mntns);
	json_unsigned("pid", header->pid);
	json_unsigned("tid", header->tid);
	json_unsigned("ns_pid", header->ns_pid);
	json_unsigned("ns_tid", header->ns_tid);
	json_big("start", header->start);
	json_unsigned("ppid", header->parent_pid);
	json_unsigned("ns_ppid", header->parent_ns_pid);
	json_big("parent_start", header->parent_start);
	json_unsigned("uid", header->uid);
	json_unsigned("euid", header->euid);
	json_unsigned("suid", header->suid);
	json_unsigned("fsuid", header->fsuid);
	json_unsigned("gid", header->gid);
	json_unsigned("egid", header->egid);
	json_unsigned("sgid", header->sgid);
	json_unsigned("fsgid", header->fsgid);
	json_number("loginuid", (int)header->loginuid);
	json_number("sessionid", (int)header->sessionid);
	json_bytes("comm", header->comm, strnlen(header->comm, sizeof(header->comm)));
	json_bytes("parent_comm", header->parent_comm, strnlen(header->parent_comm, sizeof(header->parent_comm)));
}

static void print_inode(const struct record_header *header)
{
	if (!header->fs[0])
		return;
	json_big("inode", header->inode);
	json_octal("mode", header->mode);
	json_unsigned("owner", header->owner);
	json_unsigned("owner_group", header->owner_group);
	json_unsigned("size", header->size);
	json_bytes("fs", header->fs, strnlen(header->fs, sizeof(header->fs)));
}

/* What only this kind of operation has. */
static void print_particulars(const struct record_header *header)
{
	switch ((enum operation)header->operation) {
	case OP_EXIT:
		json_number("exit_code", header->result >> 8 & 255);
		json_number("signal", header->result & 127);
		if (header->result & 128)
			json_true("core_dumped");
		return;
	case OP_EXEC:
	case OP_ALIVE:
		json_unsigned("argv_bytes", header->argv_bytes);
		return;
	case OP_IO_URING:
		json_text("call", names[header->value < OP_COUNT ? header->value : OP_NONE]);
		return;
	case OP_FOREIGN_ABI:
	case OP_FORK:
	case OP_NONE:
	case OP_ARGV_MORE:
	case OP_COUNT:
		return;
	case OP_EXEC_FAILED:
		break;
	case OP_CREATE:
	case OP_OPEN_WRITE:
		json_octal("flags", header->flags);
		break;
	case OP_CLOSE_WRITE:
		if (header->value)
			json_true("created");
		break;
	case OP_CHMOD:
	case OP_MKDIR:
	case OP_MKNOD:
		json_octal("new_mode", header->value & 0177777);
		break;
	case OP_CHOWN:
		json_number("new_uid", (int)header->value);
		json_number("new_gid", (int)header->value2);
		break;
	case OP_TRUNCATE:
		json_number("new_size", header->value);
		break;
	case OP_RENAME:
	case OP_LINK:
	case OP_MOUNT:
	case OP_UMOUNT:
	case OP_MOVE_MOUNT:
		json_unsigned("flags", header->flags);
		break;
	case OP_UNLINK:
	case OP_RMDIR:
	case OP_SYMLINK:
	case OP_PIVOT_ROOT:
	case OP_CHROOT:
		break;
	}
	json_number("ret", header->result);
	if (header->abi == ABI_IA32)
		json_text("abi", "ia32");
}

static void print_string(unsigned tag, const byte *bytes, size_t length)
{
	if (!strings[tag].name)
		return;
	if (!strings[tag].facts) {
		json_bytes(strings[tag].name, bytes, length);
		return;
	}
	json_bytes(strings[tag].name, bytes + 1, length - 1);
	print_facts(strings[tag].facts, bytes[0]);
}

/* Calls for each byte string of the record; gives the pieces of the arguments joined. */
static size_t print_strings(const struct record *record, char *argv, size_t room)
{
	size_t argv_length = 0;

	for (size_t at = 0; at + sizeof(struct string_header) <= record->header.length;) {
		const struct string_header *string = (const void *)(record->data + at);
		const byte *bytes = record->data + at + sizeof(*string);

		if (string->tag == TAG_ARGV && argv_length + string->length <= room) {
			memcpy(argv + argv_length, bytes, string->length);
			argv_length += string->length;
		} else if (string->tag < TAG_COUNT) {
			print_string(string->tag, bytes, string->length);
		}
		at += (sizeof(*string) + string->length + 3) & ~3u;
	}
	return argv_length;
}

static void print_argv(const struct record_header *header, const char *argv, size_t length)
{
	if (!length && header->operation != OP_EXEC)
		return;
	json_strings("argv", argv, length);
	if (length < header->argv_bytes)
		json_true("argv_truncated");
}

static void print_whole(const struct record *record, unsigned parts, char *argv, size_t argv_length)
{
	json_begin();
	json_text("op", names[record->header.operation]);
	if (parts > 1)
		json_unsigned("parts", parts);
	print_identity(&record->header);
	print_inode(&record->header);
	print_particulars(&record->header);
	argv_length += print_strings(record, argv + argv_length, ARGV_MAX - argv_length);
	print_argv(&record->header, argv, argv_length);
	json_end();
}

/* ---- arguments in several records ---- */

static struct waiting **waiting_for(unsigned tid)
{
	for (unsigned i = 0; i < WAITING_MAX; i++)
		if (waiting[i] && waiting[i]->record.header.tid == tid)
			return &waiting[i];
	return NULL;
}

static size_t argv_bytes_of(const struct record *record)
{
	size_t total = 0;

	for (size_t at = 0; at + sizeof(struct string_header) <= record->header.length;) {
		const struct string_header *string = (const void *)(record->data + at);

		if (string->tag == TAG_ARGV)
			total += string->length;
		at += (sizeof(*string) + string->length + 3) & ~3u;
	}
	return total;
}

/* The first record's own piece comes first, then what was collected. */
static void print_waiting(struct waiting **slot)
{
	struct waiting *one = *slot;
	static char argv[ARGV_MAX];
	struct record *record = &one->record;

	*slot = NULL;
	json_begin();
	json_text("op", names[record->header.operation]);
	json_unsigned("parts", one->parts);
	print_identity(&record->header);
	print_inode(&record->header);
	print_particulars(&record->header);
	size_t length = print_strings(record, argv, sizeof(argv));
	size_t rest = one->argv_length < sizeof(argv) - length ? one->argv_length : sizeof(argv) - length;

	memcpy(argv + length, one->argv, rest);
	print_argv(&record->header, argv, length + rest);
	json_end();
	free(one);
}

static void keep(const struct record *record, size_t size)
{
	struct waiting *one = calloc(1, sizeof(*one));

	for (unsigned i = 0; one && i < WAITING_MAX; i++)
		if (!waiting[i]) {
			memcpy(&one->record, record, size);
			one->parts = 1;
			waiting[i] = one;
			return;
		}
	free(one);
	static char argv[ARGV_MAX];

	print_whole(record, 1, argv, 0); /* truncated, and says so */
}

void take_record(const struct record *record, size_t size)
{
	const struct record_header *header = &record->header;
	struct waiting **slot = waiting_for(header->tid);
	static char argv[ARGV_MAX];

	if (size < sizeof(*header) || header->operation >= OP_COUNT)
		return;
	if (header->operation == OP_ARGV_MORE) {
		if (!slot)
			return;
		struct waiting *one = *slot;

		one->parts++;
		for (size_t at = 0; at + sizeof(struct string_header) <= header->length;) {
			const struct string_header *string = (const void *)(record->data + at);

			if (string->tag == TAG_ARGV && one->argv_length + string->length <= ARGV_MAX) {
				memcpy(one->argv + one->argv_length, record->data + at + sizeof(*string), string->length);
				one->argv_length += string->length;
			}
			at += (sizeof(*string) + string->length + 3) & ~3u;
		}
		size_t have = argv_bytes_of(&one->record) + one->argv_length;

		if (have >= one->record.header.argv_bytes || have >= ARGV_MAX)
			print_waiting(slot);
		return;
	}
	if (slot)
		print_waiting(slot); /* its rest was lost */
	if (header->operation == OP_EXEC && argv_bytes_of(record) < header->argv_bytes &&
	    header->length > DATA_BYTES - PATH_BYTES - 256)
		keep(record, size);
	else
		print_whole(record, 1, argv, 0);
}

void finish_records(void)
{
	for (unsigned i = 0; i < WAITING_MAX; i++)
		if (waiting[i])
			print_waiting(&waiting[i]);
}
