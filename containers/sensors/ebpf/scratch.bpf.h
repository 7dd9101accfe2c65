// Working memory of one program run: a record is larger than the BPF stack, so it is built in a map.
#pragma once

#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "record.h"

#define TEXT_BYTES (2 * PATH_BYTES)

/* Following a path as the kernel does: where we are, and what is still to follow. */
struct walk {
	u64 dentry, mnt;           /* where we are */
	u64 root_dentry, root_mnt; /* the root of the process: `/` and the limit of `..` */
	u32 at, end;               /* text[at..end) is still to follow; a link's text is put in front of it */
	u32 name_length;
	u32 links;                 /* symbolic links followed so far */
	u32 state;                 /* enum walk_state */
	u32 follow_last;
	u64 found;                 /* the child that was looked for, 0 when it is not there */
	u32 tail_at, tail_length;  /* text[tail_at..]: what stays behind the dentry */
	char name[256], candidate[256];
	char text[TEXT_BYTES + PATH_BYTES];
};
enum walk_state { WALKING, ARRIVED, STUCK };

struct scratch {
	u32 busy;
	u32 pidns;
	struct syscall_shape shape;
	u64 args[8];
	struct walk walk;
	u32 path_at, path_facts;     /* the path is path[path_at..PATH_BYTES); enum path_fact */
	char path[PATH_BYTES + 512]; /* built from its end to its beginning */
	struct record record;
};

/* Programs do not migrate, but a preempted one may share its CPU with the next: hence some per CPU. */
#define SCRATCHES_PER_CPU 4
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SCRATCHES_PER_CPU); /* times the number of CPUs, set at load */
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 << 20); /* --ring-kib */
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct target);
} targets SEC(".maps");

/* Sequence of the whole sensor, and how many of its records never reached the ring. */
u64 sequence = 0, lost = 0;

/* One record of this target could not be delivered: its number is used up, so that the gap shows. */
static __always_inline void count_lost(u32 pidns)
{
	struct target *target = bpf_map_lookup_elem(&targets, &pidns);

	if (!target)
		return;
	__sync_fetch_and_add(&sequence, 1);
	__sync_fetch_and_add(&lost, 1);
	__sync_fetch_and_add(&target->seq, 1);
	__sync_fetch_and_add(&target->lost, 1);
}

/* A length that the verifier can see the bound of: the compiler may not reason it away. */
static __always_inline u32 at_most(u32 length, u32 bound)
{
	asm volatile("" : "+r"(length));
	if (length > bound)
		length = bound;
	asm volatile("" : "+r"(length));
	return length;
}

/* Gives 0, and counts a lost record, when all are in use. */
static __always_inline struct scratch *take_scratch(u32 pidns)
{
	u32 first = bpf_get_smp_processor_id() * SCRATCHES_PER_CPU;

	for (int i = 0; i < SCRATCHES_PER_CPU; i++) {
		u32 key = first + i;
		struct scratch *s = bpf_map_lookup_elem(&scratches, &key);

		if (!s)
			break;
		if (__sync_val_compare_and_swap(&s->busy, 0, 1) == 0) {
			s->pidns = pidns;
			return s;
		}
	}
	count_lost(pidns);
	return 0;
}

static __always_inline void release_scratch(struct scratch *s)
{
	__sync_lock_test_and_set(&s->busy, 0);
}

/* Numbers the record and hands it to the reader. */
__noinline int emit(struct scratch *s)
{
	if (!s)
		return 0;
	struct record_header *header = &s->record.header;
	u32 pidns = header->pidns, length = header->length;
	struct target *target = bpf_map_lookup_elem(&targets, &pidns);

	if (!target)
		return 0;
	length = at_most(length, DATA_BYTES + PATH_BYTES);
	header->seq = __sync_fetch_and_add(&sequence, 1) + 1;
	header->target_seq = __sync_fetch_and_add(&target->seq, 1) + 1;
	if (bpf_ringbuf_output(&ring, &s->record, sizeof(struct record_header) + length, 0)) {
		__sync_fetch_and_add(&lost, 1);
		__sync_fetch_and_add(&target->lost, 1);
	}
	return 0;
}

/* ---- adding strings to the record; each begins at a multiple of four ---- */

static __always_inline void close_string(struct record *record, u32 at, u32 tag, u32 length)
{
	struct string_header *header = (struct string_header *)(record->data + (at & (DATA_BYTES - 4)));

	header->tag = tag;
	header->length = length;
	record->header.length = (at + sizeof(*header) + length + 3) & ~3u;
}

/* Where the next string goes, or -1 when the record is full. */
static __always_inline int open_string(struct record *record)
{
	u32 at = record->header.length;

	return at > DATA_BYTES - 16 ? -1 : (int)(at & (DATA_BYTES - 4));
}

static __always_inline void put_kernel_string(struct scratch *s, const void *text, u32 tag)
{
	int at = open_string(&s->record);

	if (at < 0)
		return;
	at &= DATA_BYTES - 4;
	int length = bpf_probe_read_kernel_str(s->record.data + at + 4, PATH_BYTES, text);

	if (length > 1)
		close_string(&s->record, at, tag, length - 1);
}

static __always_inline void put_user_string(struct scratch *s, u64 text, u32 tag)
{
	int at = open_string(&s->record);

	if (at < 0)
		return;
	at &= DATA_BYTES - 4;
	int length = bpf_probe_read_user_str(s->record.data + at + 4, PATH_BYTES, (void *)text);

	if (length > 0)
		close_string(&s->record, at, tag, length - 1);
}
