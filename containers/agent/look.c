// Looks at files, folders, processes and the clock: see look.h.
#define _GNU_SOURCE
#include "look.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


/* Larger files are told without their content: no scheduler's file is as large. */
#define CONTENT_MAX 65536
/* What is collected before it is sent. */
#define PIECE (256 << 10)
/* More than any honest machine has: an attack must not keep the agent, or fill the harness. */
#define BYTES_MAX (32 << 20)
#define ENTRIES_MAX 200000
#define SECONDS_MAX 40
/* No scheduler looks as deep. Each level holds a descriptor. */
#define DEPTH_MAX 64

static struct {
	uint32_t number;
	unsigned question;
	char *bytes;
	size_t used, room, sent;
	unsigned entries;
	time_t end;
	int is_cut;
} answer;

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void flush(void)
{
	if (answer.used > 0)
		frame_send_packed('L', answer.number, answer.bytes, answer.used);
	answer.sent += answer.used;
	answer.used = 0;
}

static void add(const void *bytes, uint32_t length)
{
	memcpy(answer.bytes + answer.used, &(uint32_t){ htole32(length) }, 4);
	if (length > 0)
		memcpy(answer.bytes + answer.used + 4, bytes, length);
	answer.used += 4 + length;
}

/* Whether there is to be no more. */
static int is_full(void)
{
	if (answer.sent + answer.used > BYTES_MAX || answer.entries > ENTRIES_MAX)
		answer.is_cut = 1;
	else if (answer.entries % 256 == 0 && seconds() > answer.end)
		answer.is_cut = 1;
	return answer.is_cut;
}

static void tell(const char *path, const char *facts, const char *link, const void *content, size_t length)
{
	char number[16];
	size_t wanted;

	snprintf(number, sizeof(number), "%u", answer.question);
	wanted = answer.used + 20 + strlen(number) + strlen(path) + strlen(facts) + strlen(link) + length;
	if (wanted > answer.room) {
		char *more = realloc(answer.bytes, 2 * wanted);

		if (!more) {
			answer.is_cut = 1;
			return;
		}
		answer.bytes = more;
		answer.room = 2 * wanted;
	}
	add(number, strlen(number));
	add(path, strlen(path));
	add(facts, strlen(facts));
	add(link, strlen(link));
	add(content, length);
	answer.entries++;
	if (answer.used > PIECE)
		flush();
}

/* Reads what is there, up to that much; -1 where it cannot be read. */
static ssize_t read_all(int fd, char *bytes, size_t most)
{
	size_t length = 0;
	ssize_t got;

	while (length < most) {
		got = read(fd, bytes + length, most - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += got;
	}
	return length;
}

/* -1 for what is no regular file, or too large. */
static ssize_t content_of(int folder, const char *name, char *bytes)
{
	struct stat facts;
	ssize_t length = -1;
	/* Also a pipe that has been put there meanwhile must not hold the agent up. */
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size <= CONTENT_MAX)
		length = read_all(fd, bytes, CONTENT_MAX);
	close(fd);
	return length;
}

static char letter_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return 'f';
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	case S_IFBLK:
		return 'b';
	default:
		return 'c';
	}
}

/* Type, permissions, owner, size, times of change of the content and of anything, names. */
static int write_facts(char *text, size_t room, const struct stat *facts)
{
	return snprintf(text, room, "%c %o %u %lld %lld.%09ld %lld.%09ld %lu", letter_of(facts->st_mode),
			facts->st_mode & 07777, facts->st_uid, (long long)facts->st_size,
			(long long)facts->st_mtim.tv_sec, facts->st_mtim.tv_nsec, (long long)facts->st_ctim.tv_sec,
			facts->st_ctim.tv_nsec, (unsigned long)facts->st_nlink);
}

struct walk {
	int with_contents, on_device, deepest;
	dev_t device;
	/* Only what ends with this, or changed after that moment; all where there is neither. */
	const char *ending;
	struct timespec since;
};

static int is_chosen(const struct walk *walk, const char *path, const struct stat *facts)
{
	size_t length, whole = strlen(path);

	if (!walk->ending)
		return 1;
	length = strlen(walk->ending);
	if (length > 0 && whole >= length && strcmp(path + whole - length, walk->ending) == 0)
		return 1;
	return facts->st_ctim.tv_sec > walk->since.tv_sec ||
	       (facts->st_ctim.tv_sec == walk->since.tv_sec && facts->st_ctim.tv_nsec > walk->since.tv_nsec);
}

static void tell_entry(const struct walk *walk, int folder, const char *name, const char *path,
		       const struct stat *facts)
{
	static char content[CONTENT_MAX], link[PATH_MAX];
	char text[256];
	struct stat behind = *facts;
	ssize_t length = -1;
	int at = write_facts(text, sizeof(text), facts);

	*link = '\0';
	if (S_ISLNK(facts->st_mode)) {
		ssize_t got = readlinkat(folder, name, link, sizeof(link) - 1);

		link[got > 0 ? got : 0] = '\0';
		if (fstatat(folder, name, &behind, 0) == 0) {
			text[at++] = '\n';
			at += write_facts(text + at, sizeof(text) - at, &behind);
		}
	}
	if (walk->with_contents && S_ISREG(behind.st_mode))
		length = content_of(folder, name, content);
	/* An empty file is another thing than one that was not read. */
	if (length >= 0)
		snprintf(text + at, sizeof(text) - at, "\ncontent");
	tell(path, text, link, content, length > 0 ? length : 0);
}

static void walk_folder(const struct walk *walk, int fd, char *path, int depth)
{
	DIR *folder = fdopendir(fd);
	size_t length = strlen(path);

	if (!folder) {
		close(fd);
		return;
	}
	for (struct dirent *entry; !is_full() && (entry = readdir(folder));) {
		struct stat facts;
		int below;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (length + strlen(entry->d_name) + 2 > PATH_MAX) {
			answer.is_cut = 1;
			continue;
		}
		if (fstatat(dirfd(folder), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		sprintf(path + length, "/%s", entry->d_name);
		if (is_chosen(walk, path, &facts))
			tell_entry(walk, dirfd(folder), entry->d_name, path, &facts);
		if (S_ISDIR(facts.st_mode) && depth < walk->deepest &&
		    (!walk->on_device || facts.st_dev == walk->device)) {
			below = openat(dirfd(folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (below >= 0)
				walk_folder(walk, below, path, depth + 1);
		}
		path[length] = '\0';
	}
	closedir(folder);
}

static void walk_from(struct walk *walk, const char *start, int through_link)
{
	static char path[PATH_MAX];
	struct stat facts, behind;
	int fd, flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (through_link ? 0 : O_NOFOLLOW);

	if (strlen(start) >= sizeof(path) || lstat(start, &facts) < 0)
		return;
	strcpy(path, start);
	if (is_chosen(walk, path, &facts))
		tell_entry(walk, AT_FDCWD, path, path, &facts);
	if (walk->deepest == 0 || stat(start, &behind) < 0 || !S_ISDIR(behind.st_mode))
		return;
	walk->device = behind.st_dev;
	fd = open(start, flags);
	if (fd >= 0)
		walk_folder(walk, fd, path, 1);
}

/* `ENDING\nSECONDS.NANOSECONDS`; no choice where there is nothing. */
static void choose(struct walk *walk, char *which)
{
	char *since = strchr(which, '\n'), *rest;

	if (!since)
		return;
	*since++ = '\0';
	walk->ending = which;
	walk->since.tv_sec = strtoll(since, &rest, 10);
	walk->since.tv_nsec = *rest == '.' ? strtol(rest + 1, NULL, 10) : 0;
}

static void look_at_tree(const char *path, const char *how, char *which)
{
	const char *digit = how + strcspn(how, "0123456789");
	struct walk walk = {
		.with_contents = strchr(how, 'c') != NULL,
		.on_device = strchr(how, 'x') != NULL,
		.deepest = *digit ? *digit - '0' : DEPTH_MAX,
	};
	int through_link = strchr(how, 'h') != NULL;
	glob_t found;

	choose(&walk, which);
	if (!strchr(how, 'g')) {
		walk_from(&walk, path, through_link);
		return;
	}
	if (glob(path, GLOB_NOSORT, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc && !is_full(); i++)
			walk_from(&walk, found.gl_pathv[i], through_link);
		globfree(&found);
	}
}

static void look_at_clock(void)
{
	struct timespec now, up;
	struct tm local = { 0 };
	const char *zone = getenv("TZ");
	char *own = zone ? strdup(zone) : NULL, facts[128];

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	/* The machine's zone, whatever the engine has given to the agent. */
	unsetenv("TZ");
	tzset();
	localtime_r(&now.tv_sec, &local);
	if (own)
		setenv("TZ", own, 1);
	free(own);
	snprintf(facts, sizeof(facts), "%lld.%09ld %lld.%09ld %ld", (long long)now.tv_sec, now.tv_nsec,
		 (long long)up.tv_sec, up.tv_nsec, local.tm_gmtoff);
	tell("", facts, "", NULL, 0);
}

static ssize_t read_of_process(const char *pid, const char *what, char *bytes, size_t most)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, what);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read_all(fd, bytes, most);
	close(fd);
	return length;
}

static int is_line_of(const char *lines, const char *text)
{
	size_t length = strlen(text);

	for (const char *at = lines; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (strcspn(at, "\n") == length && strncmp(at, text, length) == 0)
			return 1;
	return 0;
}

static void look_at_processes(const char *names)
{
	static char environment[CONTENT_MAX];
	DIR *processes = opendir("/proc");

	for (struct dirent *entry; processes && !is_full() && (entry = readdir(processes));) {
		char name[64], facts[1024];
		ssize_t length;

		if (*entry->d_name < '1' || *entry->d_name > '9')
			continue;
		length = read_of_process(entry->d_name, "comm", name, sizeof(name) - 1);
		if (length <= 0)
			continue;
		name[length] = '\0';
		name[strcspn(name, "\n")] = '\0';
		if (!is_line_of(names, name))
			continue;
		length = read_of_process(entry->d_name, "stat", facts, sizeof(facts) - 1);
		if (length <= 0)
			continue;
		facts[length] = '\0';
		length = read_of_process(entry->d_name, "environ", environment, sizeof(environment));
		tell(entry->d_name, facts, name, environment, length > 0 ? length : 0);
	}
	if (processes)
		closedir(processes);
}

static void look_at_program(const char *path)
{
	char whole[PATH_MAX];
	struct stat facts;

	if (lstat(path, &facts) < 0)
		return;
	if (!S_ISLNK(facts.st_mode)) {
		if (access(path, X_OK) == 0)
			tell(path, "x", "", NULL, 0);
		return;
	}
	if (!realpath(path, whole)) {
		ssize_t length = readlink(path, whole, sizeof(whole) - 1);

		whole[length > 0 ? length : 0] = '\0';
	}
	tell(path, access(path, X_OK) == 0 ? "x" : "-", whole, NULL, 0);
}

static void look_into(const char *path)
{
	DIR *folder = opendir(path);

	for (struct dirent *entry; folder && !is_full() && (entry = readdir(folder));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			tell(entry->d_name, "", "", NULL, 0);
	if (folder)
		closedir(folder);
}

static void look(const char *kind, const char *path, const char *how, char *which)
{
	switch (*kind) {
	case 'K':
		look_at_clock();
		return;
	case 'P':
		look_at_processes(path);
		return;
	case 'E':
		look_at_program(path);
		return;
	case 'N':
		look_into(path);
		return;
	case 'T':
		look_at_tree(path, how, which);
	}
}

void look_answer(const struct frame *frame)
{
	static const struct field cut = { .bytes = "cut", .length = 3 };

	answer.number = frame->number;
	answer.sent = answer.entries = answer.is_cut = 0;
	answer.end = seconds() + SECONDS_MAX;
	for (unsigned at = 0; at + 3 < frame->count && !is_full(); at += 4) {
		char *fields[4];
		int is_whole = 1;

		answer.question = at / 4;
		for (unsigned i = 0; i < 4; i++) {
			fields[i] = field_text(frame, at + i);
			is_whole &= fields[i] != NULL;
		}
		if (is_whole)
			look(fields[0], fields[1], fields[2], fields[3]);
		else
			answer.is_cut = 1;
		for (unsigned i = 0; i < 4; i++)
			free(fields[i]);
	}
	flush();
	frame_send('D', frame->number, answer.is_cut, &cut);
}
