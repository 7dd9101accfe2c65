// Scripts: see script.h. What an attack has put in the way is removed or refused, never followed.
#define _GNU_SOURCE
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void scripts_begin(void)
{
	mkdir(SCRIPTS, 0711);
}

/* The folder, where it is one that only root can change. */
static int open_folder(void)
{
	struct stat facts;
	int fd;

	scripts_begin();
	fd = open(SCRIPTS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &facts) == 0 && facts.st_uid == 0 && (facts.st_mode & 022) == 0)
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

static const char *name_in_folder(const char *path)
{
	size_t length = strlen(SCRIPTS);

	if (strncmp(path, SCRIPTS "/", length + 1) != 0 || strchr(path + length + 1, '/'))
		return NULL;
	return path + length + 1;
}

static int write_all(int fd, const struct field *content)
{
	for (size_t at = 0; at < content->length;) {
		ssize_t put = write(fd, content->bytes + at, content->length - at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return -1;
		at += put;
	}
	return 0;
}

int script_write(const char *path, const struct field *content)
{
	const char *name = name_in_folder(path);
	int folder, fd, result;

	errno = EINVAL;
	if (!name || !*name)
		return -1;
	folder = open_folder();
	if (folder < 0)
		return -1;
	unlinkat(folder, name, 0);
	fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	result = fd < 0 ? -1 : write_all(fd, content);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && result < 0) {
		int error = errno;

		unlinkat(folder, name, 0);
		errno = error;
	}
	close(folder);
	return result;
}

void script_remove(const char *path)
{
	if (name_in_folder(path))
		unlink(path);
}
