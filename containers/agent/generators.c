// Generators: see generators.h.
#include "generators.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/run/systemd/system-generators"
/* A link to /usr/lib, or, where /usr is not merged (Debian 11), the only place. */
#define PACKAGES "/lib/systemd/system-generators"

static const char *const idle[] = {
	"bless-boot", "cryptsetup", "debug", "factory-reset", "gpt-auto", "hibernate-resume", "import",
	"integritysetup", "run", "system-update", "tpm2", "veritysetup",
};

static const char *path_in(const char *folder, const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/systemd-%s-generator", folder, name);
	return path;
}

void generators_rest(void)
{
	mkdir("/run/systemd", 0755);
	mkdir(FOLDER, 0755);
	for (unsigned at = 0; at < sizeof(idle) / sizeof(*idle); at++)
		if (access(path_in(PACKAGES, idle[at]), F_OK) == 0)
			(void)!symlink("/dev/null", path_in(FOLDER, idle[at]));
}

void generators_wake(void)
{
	for (unsigned at = 0; at < sizeof(idle) / sizeof(*idle); at++)
		unlink(path_in(FOLDER, idle[at]));
	rmdir(FOLDER);
}
