#include "state.h"

#include "netlink.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bursts of a flood wait here; the kernel's default of 64 lost a fifth of 10,000 events. */
#define BACKLOG 65536
#define NOTE_PREFIX KEY_PREFIX "-found "
#define LOCKED 2
#define FAILURE_PANIC 2
#define FAILURE_PRINT 1

struct rules {
	struct rule {
		struct rule *next;
		size_t bytes;
		struct audit_rule_data data;
	} *first;
	char note[AUDIT_MAX_KEY_LEN + 1];
};

/* The rule's keys, joined by a byte 1 where it has several. */
static int key_of(const struct audit_rule_data *rule, char *key, size_t bytes)
{
	const char *at = rule->buf;
	key[0] = '\0';
	for (unsigned int i = 0; i < rule->field_count; i++) {
		switch (rule->fields[i]) {
		case AUDIT_FILTERKEY:
			snprintf(key, bytes, "%.*s", (int)rule->values[i], at);
			/* fall through */
		case AUDIT_WATCH:
		case AUDIT_DIR:
		case AUDIT_EXE:
		case AUDIT_SUBJ_USER ... AUDIT_SUBJ_CLR:
		case AUDIT_OBJ_USER ... AUDIT_OBJ_LEV_HIGH:
			at += rule->values[i];
		}
	}
	return key[0] != '\0';
}

static int keep_ours(const struct audit_rule_data *rule, size_t bytes, void *data)
{
	struct rules *ours = data;
	char key[AUDIT_MAX_KEY_LEN + 1];
	if (!key_of(rule, key, sizeof(key)) || !strstr(key, KEY_PREFIX))
		return 0;
	if (strncmp(key, NOTE_PREFIX, strlen(NOTE_PREFIX)) == 0)
		memcpy(ours->note, key, sizeof(key));
	struct rule *kept = malloc(sizeof(*kept) + bytes);
	if (!kept)
		return 1;
	kept->next = ours->first;
	kept->bytes = bytes;
	memcpy(&kept->data, rule, bytes);
	ours->first = kept;
	return 0;
}

static int set_status(int fd, struct audit_status status)
{
	return audit_request(fd, AUDIT_SET, &status, sizeof(status));
}

void give_back(int fd)
{
	struct rules ours = { 0 };
	if (audit_each_rule(fd, keep_ours, &ours) < 0)
		return;
	int enabled, failure;
	unsigned int backlog;
	int noted = sscanf(ours.note, NOTE_PREFIX "enabled=%d failure=%d backlog=%u", &enabled, &failure, &backlog) == 3;
	/* A rule whose folder has gone has been removed by the kernel: failing to delete it is no failure. */
	for (struct rule *rule = ours.first; rule; rule = rule->next)
		audit_request(fd, AUDIT_DEL_RULE, &rule->data, rule->bytes);
	if (noted)
		set_status(fd, (struct audit_status){
			.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_FAILURE | AUDIT_STATUS_BACKLOG_LIMIT,
			.enabled = enabled,
			.failure = failure,
			.backlog_limit = backlog,
		});
	while (ours.first) {
		struct rule *next = ours.first->next;
		free(ours.first);
		ours.first = next;
	}
}

/* A rule for process 0, which makes no system calls: it only holds the note. */
static int add_note(int fd, const struct audit_status *found)
{
	char key[AUDIT_MAX_KEY_LEN + 1];
	int length = snprintf(key, sizeof(key), NOTE_PREFIX "enabled=%u failure=%u backlog=%u", found->enabled,
			      found->failure, found->backlog_limit);
	struct {
		struct audit_rule_data data;
		char key[AUDIT_MAX_KEY_LEN];
	} rule = { .data = { .flags = AUDIT_FILTER_EXIT, .action = AUDIT_ALWAYS, .field_count = 2, .buflen = length } };
	for (int i = 0; i < AUDIT_BITMASK_SIZE; i++)
		rule.data.mask[i] = ~0U;
	rule.data.fields[0] = AUDIT_PID;
	rule.data.fieldflags[0] = AUDIT_EQUAL;
	rule.data.fields[1] = AUDIT_FILTERKEY;
	rule.data.fieldflags[1] = AUDIT_EQUAL;
	rule.data.values[1] = length;
	memcpy(rule.data.buf, key, length);
	return audit_request(fd, AUDIT_ADD_RULE, &rule, sizeof(rule.data) + length);
}

static int refuse(struct refusal *refusal, const char *code, const char *why)
{
	refusal->code = code;
	snprintf(refusal->why, sizeof(refusal->why), "%s", why);
	return -1;
}

static int refuse_errno(struct refusal *refusal, const char *what)
{
	char why[256];
	snprintf(why, sizeof(why), "%s: %s", what, strerror(errno));
	switch (errno) {
	case EPERM:
	case ECONNREFUSED:
	case EPROTONOSUPPORT:
	case EAFNOSUPPORT:
		return refuse(refusal, "unavailable", why);
	default:
		return refuse(refusal, "failed", why);
	}
}

/* Name of a process that lives; empty for one that does not. */
static void name_of(unsigned int pid, char *name, size_t bytes)
{
	char path[64];
	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(name, (int)bytes, file))
		name[strcspn(name, "\n")] = '\0';
	fclose(file);
}

int take_over(int fd, struct refusal *refusal)
{
	struct audit_status found;
	if (audit_get_status(fd, &found) < 0)
		return refuse_errno(refusal, "the kernel does not tell its audit status");
	if (found.pid) {
		char name[64];
		name_of(found.pid, name, sizeof(name));
		/* A reader that was killed stays written down until the kernel next sends to it. */
		if (name[0]) {
			char why[256];
			snprintf(why, sizeof(why), "process %u (%s) reads this machine's audit stream", found.pid, name);
			return refuse(refusal, "owned", why);
		}
	}
	if (found.enabled == LOCKED)
		return refuse(refusal, "locked", "the audit configuration is locked until the next boot (enabled 2)");
	give_back(fd);
	if (audit_get_status(fd, &found) < 0 || add_note(fd, &found) < 0)
		return refuse_errno(refusal, "the kernel takes no audit rule");
	struct audit_status ours = {
		.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_FAILURE | AUDIT_STATUS_BACKLOG_LIMIT,
		.enabled = 1,
		/* Nobody's machine shall panic for a lost record of a test. */
		.failure = found.failure == FAILURE_PANIC ? FAILURE_PRINT : found.failure,
		.backlog_limit = found.backlog_limit && found.backlog_limit < BACKLOG ? BACKLOG : found.backlog_limit,
	};
	struct audit_status reader = { .mask = AUDIT_STATUS_PID, .pid = getpid() };
	if (set_status(fd, ours) < 0 || set_status(fd, reader) < 0) {
		refuse_errno(refusal, "the kernel does not let this process read its audit stream");
		give_back(fd);
		return -1;
	}
	return 0;
}
