// A new process: a session of its own, a user's ids, groups, environment and folder.
#pragma once
#include <sys/types.h>

#include "account.h"

struct command {
	struct account account;
	char *directory;
	/* Beside the agent's own and HOME: they win over both. */
	char **variables;
	char **arguments;
};

/* The harness's ends. */
struct pipes {
	int in, out, err;
};

/*
 * Starts it; -1 with errno where there is no process for it. Where it is the command that cannot be executed, it ends
 * as in a shell: 126, or 127 where there is no such program, with the reason on its standard error.
 */
pid_t spawn(const struct command *command, int has_input, struct pipes *pipes);
