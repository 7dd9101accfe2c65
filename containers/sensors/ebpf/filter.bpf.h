// Drops, in the kernel, the file records that the list in filter.c names; everything else goes out.
#pragma once

#include "path.bpf.h"

#define USER_RUNTIME "/run/user/"
#define USER_RUNTIME_LENGTH (sizeof(USER_RUNTIME) - 1)

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 256);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct filter_key);
	__type(value, u32);
} filters SEC(".maps");

/* Looks up s->path[at..], behind what the key begins with already. */
static __always_inline u32 verdict_of(struct scratch *s, u32 at, struct filter_key *key, u32 skipped)
{
	u32 length = at_most(PATH_BYTES - at, FILTER_BYTES - 1 - skipped);

	/* a slash behind it, so that a directory is below itself */
	bpf_probe_read_kernel(key->path + skipped, length, s->path + (at & (PATH_BYTES - 1)));
	key->path[skipped + length] = '/';
	key->bits = (skipped + length + 1) * 8;
	u32 *verdict = bpf_map_lookup_elem(&filters, key);

	return verdict ? *verdict : FILTER_KEEP;
}

static __always_inline bool is_journald(struct record_header *header)
{
	const char name[] = "systemd-journal";

	for (int i = 0; i < (int)sizeof(name); i++)
		if (header->comm[i] != name[i])
			return 0;
	return header->uid == 0;
}

/* Is the path in s->path one to drop? */
__noinline int is_dropped(struct scratch *s)
{
	if (!s)
		return 0;
	struct filter_key key = {}; /* on the stack: before Linux 6.3 a key may lie nowhere else */
	u32 at = s->path_at, verdict = verdict_of(s, at, &key, 0);

	if (verdict == FILTER_USER_RUNTIME) { /* /run/user/1000/systemd/… is looked up as ~/systemd/… */
		at += USER_RUNTIME_LENGTH;
		for (int i = 0; i < 11 && at < PATH_BYTES && s->path[at & (PATH_BYTES - 1)] != '/'; i++)
			at++;
		key.path[0] = '~';
		verdict = verdict_of(s, at, &key, 1);
	}
	if (verdict == FILTER_DROP_JOURNALD)
		return is_journald(&s->record.header);
	return verdict == FILTER_DROP;
}
