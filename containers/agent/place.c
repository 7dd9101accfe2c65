// Control groups: see place.h.
#define _GNU_SOURCE
#include "place.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* systemd's own, directly below the target's. */
#define MANAGERS "/init.scope"

/* Leaves the manager's group where a line of /proc/pid/cgroup (cgroups(7)) says that this process is in it. */
static void leave(char *line)
{
	char *controllers = strchr(line, ':'), *group, path[PATH_MAX];
	size_t length;
	int fd;

	group = controllers ? strchr(controllers + 1, ':') : NULL;
	length = group ? strlen(group) : 0;
	if (length < sizeof(MANAGERS) || strcmp(group + length - strlen(MANAGERS), MANAGERS) != 0)
		return;
	group[length - strlen(MANAGERS)] = '\0';
	*group++ = '\0';
	controllers++;
	if (strncmp(controllers, "name=", 5) == 0)
		controllers += 5;
	/* Version 2 has no controllers here: its own mount, or, beside version 1, `unified`. */
	if (*controllers == '\0' && access("/sys/fs/cgroup/unified", F_OK) == 0)
		controllers = "unified";
	if (snprintf(path, sizeof(path), "/sys/fs/cgroup/%s%s/cgroup.procs", controllers, group) >= (int)sizeof(path))
		return;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* Refused where the group may hold no processes itself (version 2): the engine's own exec ends elsewhere, too. */
	(void)!write(fd, "0", 1);
	close(fd);
}

void place_return(void)
{
	char groups[8192];
	int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, groups, sizeof(groups) - 1);

	if (fd >= 0)
		close(fd);
	groups[length > 0 ? length : 0] = '\0';
	for (char *line = groups, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		leave(line);
	}
}
