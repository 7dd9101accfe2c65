// passwd(5) and group(5), as far as a command needs them.
#include "account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Splits a line at colons; gives how many fields there are. */
static int split(char *line, char **fields, int most)
{
	int count = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *field; count < most && (field = strsep(&line, ":"));)
		fields[count++] = field;
	return count;
}

static int is_listed(char *members, const char *user)
{
	for (char *member; (member = strsep(&members, ","));)
		if (strcmp(member, user) == 0)
			return 1;
	return 0;
}

static int find_user(const char *user, struct account *account, char *name, size_t room)
{
	FILE *file = fopen("/etc/passwd", "re");
	char *line = NULL, *fields[7];
	size_t size = 0;
	int found = 0;

	while (file && !found && getline(&line, &size, file) >= 0) {
		if (split(line, fields, 7) < 6)
			continue;
		if (strcmp(fields[0], user) != 0 && strcmp(fields[2], user) != 0)
			continue;
		account->uid = strtoul(fields[2], NULL, 10);
		account->gid = strtoul(fields[3], NULL, 10);
		snprintf(account->home, sizeof(account->home), "%s", *fields[5] ? fields[5] : "/");
		snprintf(name, room, "%s", fields[0]);
		found = 1;
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

static void find_groups(const char *name, struct account *account)
{
	FILE *file = fopen("/etc/group", "re");
	char *line = NULL, *fields[4];
	size_t size = 0;

	while (file && getline(&line, &size, file) >= 0) {
		gid_t gid;

		if (split(line, fields, 4) < 4 || account->group_count == GROUPS_MAX)
			continue;
		gid = strtoul(fields[2], NULL, 10);
		if (gid != account->gid && is_listed(fields[3], name))
			account->groups[account->group_count++] = gid;
	}
	free(line);
	if (file)
		fclose(file);
}

int account_find(const char *user, struct account *account)
{
	char name[256] = "", *rest;
	int found = find_user(user, account, name, sizeof(name));

	if (!found) {
		account->uid = strtoul(user, &rest, 10);
		account->gid = 0;
		snprintf(account->home, sizeof(account->home), "/");
		if (*user < '0' || *user > '9' || *rest != '\0')
			return -1;
	}
	account->group_count = 0;
	account->groups[account->group_count++] = account->gid;
	if (found)
		find_groups(name, account);
	return 0;
}
