// Wakes who watches a folder: see nudge.h.
#define _GNU_SOURCE
#include "nudge.h"

#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void nudge_folder(const char *path)
{
	struct stat facts;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return;
	if (fstat(fd, &facts) == 0)
		(void)!fchmod(fd, facts.st_mode & 07777);
	close(fd);
}

void nudge(const struct frame *frame)
{
	for (unsigned at = 0; at < frame->count; at++) {
		char *pattern = field_text(frame, at);
		glob_t found;

		if (pattern && glob(pattern, GLOB_NOSORT, NULL, &found) == 0) {
			for (size_t i = 0; i < found.gl_pathc; i++)
				nudge_folder(found.gl_pathv[i]);
			globfree(&found);
		}
		free(pattern);
	}
	frame_send('D', frame->number, 0, NULL);
}
