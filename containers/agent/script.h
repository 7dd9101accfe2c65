// The scripts of running commands, as files that everybody may read and nobody but root can change.
#pragma once
#include "frame.h"

/* On a tmpfs, which no profile makes read-only. */
#define SCRIPTS "/run/atomclock"

/* Makes the folder for them, where it is not there. */
void scripts_begin(void);
/* -1 with errno where it cannot be written; EPERM where somebody has put something else in the place of the folder. */
int script_write(const char *path, const struct field *content);
void script_remove(const char *path);
