// A user's ids, groups and home from the target's own files: a static program has no name service.
#pragma once
#include <sys/types.h>

#define GROUPS_MAX 256

struct account {
	uid_t uid;
	gid_t gid;
	unsigned group_count;
	gid_t groups[GROUPS_MAX];
	char home[1024];
};

/* By name, or by a number that no account needs to have (its group is root's then); -1 where there is no such name. */
int account_find(const char *user, struct account *account);
