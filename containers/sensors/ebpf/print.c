// One record as one line of JSON.
#include "print.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

static const char *const words[OP_COUNT] = {
#define OPERATION(name, word) [OP_##name] = word,
	OPERATIONS(OPERATION)
#undef OPERATION
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
	[TAG_SOURCE_PATH] = { "source", "source_facts" },
	[TAG_FSTYPE] = { "fstype", NULL },
	[TAG_CGROUP] = { "cgroup", NULL },
};

/* The arguments of one program, as far as they have come. */
#define ARGV_MAX (128 << 10)
struct arguments {
	size_t length;
	char text[ARGV_MAX];
};

/* Programs started whose arguments did not fit into one record. Few at a time: one per CPU. */
#define WAITING_MAX 64
struct waiting {
	struct record record;
	unsigned parts;
	struct arguments arguments;
};
static struct waiting *waiting[WAITING_MAX];

static long long clock_offset;

void set_clock_offset(long long nanoseconds)
{
	clock_offset = nanoseconds;
}

static void print_facts(const char *name, unsigned facts)
{
	static const char *const fact_words[] = { "detached", "deleted", "unresolved", "truncated" };
	char list[64] = "";
	size_t length = 0;

	for (unsigned i = 0; i < sizeof(fact_words) / sizeof(fact_words[0]); i++)
		if (facts >> i & 1) {
			strcpy(list + length, fact_words[i]);
			length += strlen(fact_words[i]) + 1;
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
	json_unsigned("session", header->session);
	json_unsigned("process_group", header->process_group);
	if (header->terminal) {
		json_unsigned("tty_major", header->terminal >> MINOR_BITS);
		json_unsigned("tty_minor", header->terminal & ((1 << MINOR_BITS) - 1));
	}
	if (header->interactive)
		json_true("interactive");
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
		json_text("call", words[header->value < OP_COUNT ? header->value : OP_NONE]);
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
		if (header->value & TOLD_CREATE)
			json_true("created");
		if (header->value & TOLD_WRITE)
			json_true("told");
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
	case OP_WRITE:
	case OP_UNLINK:
	case OP_RMDIR:
	case OP_SYMLINK:
	case OP_PIVOT_ROOT:
	case OP_CHROOT:
		break;
	}
	if (header->old_mode) {
		json_octal("old_mode", header->old_mode);
		json_unsigned("old_owner", header->old_owner);
		json_unsigned("old_owner_group", header->old_owner_group);
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

/* The next byte string of a record, from offset *at; NULL after the last. */
static const struct string_header *next_string(const struct record *record, size_t *at)
{
	const struct string_header *string = (const void *)(record->data + *at);

	if (*at + sizeof(*string) > record->header.length || *at + sizeof(*string) + string->length > sizeof(record->data))
		return NULL;
	*at += (sizeof(*string) + string->length + 3) & ~3u;
	return string;
}

static void collect_arguments(const struct record *record, struct arguments *arguments)
{
	const struct string_header *string;

	for (size_t at = 0; (string = next_string(record, &at));) {
		if (string->tag != TAG_ARGV || arguments->length + string->length > ARGV_MAX)
			continue;
		memcpy(arguments->text + arguments->length, string + 1, string->length);
		arguments->length += string->length;
	}
}

static void print_record(const struct record *record, unsigned parts, const struct arguments *arguments)
{
	const struct record_header *header = &record->header;
	const struct string_header *string;

	json_begin();
	json_text("op", words[header->operation]);
	if (parts > 1)
		json_unsigned("parts", parts);
	print_identity(header);
	print_inode(header);
	print_particulars(header);
	for (size_t at = 0; (string = next_string(record, &at));)
		if (string->tag < TAG_COUNT)
			print_string(string->tag, (const byte *)(string + 1), string->length);
	if (arguments->length || header->operation == OP_EXEC)
		json_strings("argv", arguments->text, arguments->length);
	if (arguments->length < header->argv_bytes)
		json_true("argv_truncated");
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

static void print_waiting(struct waiting **slot)
{
	struct waiting *one = *slot;

	*slot = NULL;
	print_record(&one->record, one->parts, &one->arguments);
	free(one);
}

/* Keeps a record until its rest comes; gives 0 when there is no room for it. */
static int keep(const struct record *record, size_t size)
{
	for (unsigned i = 0; i < WAITING_MAX; i++) {
		if (waiting[i])
			continue;
		struct waiting *one = calloc(1, sizeof(*one));

		if (!one)
			return 0;
		memcpy(&one->record, record, size);
		one->parts = 1;
		collect_arguments(record, &one->arguments);
		waiting[i] = one;
		return 1;
	}
	return 0;
}

void take_record(const struct record *record, size_t size)
{
	static struct arguments arguments;
	const struct record_header *header = &record->header;
	struct waiting **slot;

	if (size < sizeof(*header) || size > sizeof(*record) || header->operation >= OP_COUNT)
		return;
	slot = waiting_for(header->tid);
	if (slot && header->operation == OP_ARGV_MORE) {
		(*slot)->parts++;
		collect_arguments(record, &(*slot)->arguments);
		if (!(header->flags & ARGV_GOES_ON))
			print_waiting(slot);
		return;
	}
	if (slot)
		print_waiting(slot); /* its rest was lost */
	if (header->operation == OP_ARGV_MORE)
		return; /* its beginning was lost, and counted */
	if (header->operation == OP_EXEC && (header->flags & ARGV_GOES_ON) && keep(record, size))
		return;
	arguments.length = 0;
	collect_arguments(record, &arguments);
	print_record(record, 1, &arguments);
}

void finish_records(void)
{
	for (unsigned i = 0; i < WAITING_MAX; i++)
		if (waiting[i])
			print_waiting(&waiting[i]);
}
