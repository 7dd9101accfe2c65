// Trees of processes: see tree.h.
#include "tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* No more pids than this are in use at a time in any target; the kernel's own default limit is half of it. */
#define TREE_MAX 65536

struct look {
	int parent, session;
	unsigned long long started;
};

/* What /proc says of a process; -1 where it is gone. */
static int look(pid_t pid, struct look *found)
{
	char path[32], text[1024], *after;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return -1;
	text[length] = '\0';
	/* A name may hold parentheses and blanks: the last parenthesis ends it. */
	after = strrchr(text, ')');
	if (!after)
		return -1;
	return sscanf(after + 2, "%*c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		      &found->parent, &found->session, &found->started) == 3 ? 0 : -1;
}

unsigned long long start_time(pid_t pid)
{
	struct look found;

	return look(pid, &found) == 0 ? found.started : 0;
}

/* The dead stay listed until their parent, mostly PID 1, has taken note: who looks next must not find them. */
static void wait_for_end(const pid_t *tree, unsigned count, pid_t root)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	for (int looks = 0; looks < 600; looks++) {
		unsigned left = 0;

		/* The root is the agent's own child, which takes note of it later. */
		for (unsigned i = 0; i < count; i++)
			left += tree[i] != root && kill(tree[i], 0) == 0;
		if (left == 0)
			return;
		nanosleep(&pause, NULL);
	}
}

/*
 * Each is stopped as it is found, so that none can fork away from the search. What has left both the tree and the
 * session (a double fork with setsid) stays: that is what a daemon is.
 */
void kill_tree(pid_t root, unsigned long long started)
{
	static pid_t tree[TREE_MAX];
	unsigned count = 0, before;
	struct look found;

	if (started == 0 || (look(root, &found) == 0 && found.started == started)) {
		tree[count++] = root;
		kill(root, SIGSTOP);
	}
	do {
		DIR *processes = opendir("/proc");

		before = count;
		for (struct dirent *entry; processes && (entry = readdir(processes));) {
			pid_t pid = atoi(entry->d_name);
			int known = 0, belongs;

			if (pid <= 1 || pid == getpid() || look(pid, &found) < 0)
				continue;
			belongs = found.session == root && pid != root;
			for (unsigned i = 0; i < count && !known; i++) {
				known = tree[i] == pid;
				belongs |= tree[i] == found.parent;
			}
			if (!known && belongs && count < TREE_MAX) {
				kill(pid, SIGSTOP);
				tree[count++] = pid;
			}
		}
		if (processes)
			closedir(processes);
	} while (count > before);
	for (unsigned i = 0; i < count; i++)
		kill(tree[i], SIGKILL);
	/* Where an attack has taken /proc away this is what is left to do. */
	if (started == 0)
		kill(-root, SIGKILL);
	wait_for_end(tree, count, root);
}
