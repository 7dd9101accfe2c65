// Starts processes: see spawn.h.
#define _GNU_SOURCE
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static int has_name(const char *variable, const char *like)
{
	size_t length = strcspn(like, "=");

	return strncmp(variable, like, length) == 0 && variable[length] == '=';
}

static int is_among(char **variables, const char *like)
{
	for (; *variables; variables++)
		if (has_name(*variables, like))
			return 1;
	return 0;
}

/* What the engine gave to the agent, HOME of the user, and what is asked for. */
static char **environment_of(const struct command *command)
{
	static char home[sizeof(command->account.home) + 8];
	size_t room = 2, count = 0;
	char **variables;

	for (char **one = environ; *one; one++)
		room++;
	for (char **one = command->variables; *one; one++)
		room++;
	variables = calloc(room, sizeof(*variables));
	if (!variables)
		return NULL;
	for (char **one = environ; *one; one++)
		if (!has_name(*one, "HOME") && !is_among(command->variables, *one))
			variables[count++] = *one;
	for (char **one = command->variables; *one; one++)
		variables[count++] = *one;
	if (!is_among(command->variables, "HOME")) {
		snprintf(home, sizeof(home), "HOME=%s", command->account.home);
		variables[count] = home;
	}
	return variables;
}

static const char *path_in(char **variables)
{
	for (; *variables; variables++)
		if (has_name(*variables, "PATH"))
			return *variables + strlen("PATH=");
	return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

/*
 * As execvpe(3) with the PATH of the new environment, and without its shell for what is no program. It looks before it
 * executes: a sensor reports every attempt.
 */
static void execute(char **arguments, char **variables)
{
	int denied = 0;

	if (strchr(arguments[0], '/')) {
		execve(arguments[0], arguments, variables);
		return;
	}
	for (const char *at = path_in(variables); *arguments[0];) {
		size_t length = strcspn(at, ":");
		char path[PATH_MAX];

		struct stat facts;

		if (snprintf(path, sizeof(path), "%.*s%s%s", (int)length, at, length ? "/" : "", arguments[0]) <
			    (int)sizeof(path) &&
		    stat(path, &facts) == 0 && !S_ISDIR(facts.st_mode)) {
			if (access(path, X_OK) == 0) {
				execve(path, arguments, variables);
				return;
			}
			denied = 1;
		}
		if (!at[length])
			break;
		at += length + 1;
	}
	errno = denied ? EACCES : ENOENT;
}

static void complain(const char *what, const char *name)
{
	dprintf(STDERR_FILENO, "%s %s: %s\n", what, name, strerror(errno));
}

/* In the child. */
static void become(const struct command *command, char **variables, int in, int out, int err)
{
	struct account account = command->account;
	sigset_t none;
	int is_there;

	setsid();
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	umask(022);
	/* As root first, as the engine does it: a folder need not be open to the user. */
	is_there = chdir(command->directory) == 0;
	if (setgroups(account.group_count, account.groups) < 0 || setgid(account.gid) < 0 || setuid(account.uid) < 0) {
		complain("becoming", "the user");
		_exit(126);
	}
	if (!is_there && chdir(command->directory) < 0) {
		complain("working directory", command->directory);
		_exit(126);
	}
	execute(command->arguments, variables);
	is_there = errno != ENOENT && errno != ENOTDIR;
	complain("exec", command->arguments[0]);
	_exit(is_there ? 126 : 127);
}

static void close_pair(int *pair)
{
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
}

pid_t spawn(const struct command *command, int has_input, struct pipes *pipes)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	char **variables = environment_of(command);
	pid_t pid = -1;
	int error;

	if (!variables)
		goto failed;
	if (has_input ? pipe2(in, O_CLOEXEC) : (in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0)
		goto failed;
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		goto failed;
	/* The user must be able to open them again by /dev/stdin and its like. */
	if ((has_input && fchown(in[0], command->account.uid, -1) < 0) ||
	    fchown(out[1], command->account.uid, -1) < 0 || fchown(err[1], command->account.uid, -1) < 0)
		goto failed;
	pid = fork();
	if (pid == 0)
		become(command, variables, in[0], out[1], err[1]);
	if (pid < 0)
		goto failed;
	free(variables);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	*pipes = (struct pipes){ .in = in[1], .out = out[0], .err = err[0] };
	fcntl(pipes->out, F_SETFL, O_NONBLOCK);
	fcntl(pipes->err, F_SETFL, O_NONBLOCK);
	if (has_input)
		fcntl(pipes->in, F_SETFL, O_NONBLOCK);
	return pid;
failed:
	error = errno;
	free(variables);
	close_pair(in);
	close_pair(out);
	close_pair(err);
	errno = error;
	return -1;
}
