/*
 * Reads the kernel's audit stream for the harness, and does its bidding.
 *
 * Standard output, one line each:
 *   CONTAINER type=NUMBER msg=audit(…): …   a record; the container (64 hex digits) that wrote it, where it is a message
 *                                           of a user program, else -
 *   {"op":"ready"} {"op":"refused",…} {"op":"ran",…} {"op":"status",…}
 * Standard input, one line each:
 *   run ID ARG<tab>ARG…   runs auditctl and tells its exit code and output
 *   mark TEXT             puts a message into the stream, behind everything that is in it
 *   status                tells the kernel's counters
 *   stop                  ends the program, as the end of standard input does: everything is as it was before
 */
#include "netlink.h"
#include "records.h"
#include "state.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS 64
#define SOCKET_BYTES (16 * 1024 * 1024)

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void print_json_text(const char *text)
{
	putchar('"');
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			printf("\\%c", *at);
		else if (*at < 0x20 || *at >= 0x7f)
			printf("\\u%04x", *at);
		else
			putchar(*at);
	}
	putchar('"');
}

static void run_auditctl(const char *id, char *arguments)
{
	char *argv[ARGUMENTS + 2] = { "auditctl" };
	int count = 1;
	for (char *at = strtok(arguments, "\t"); at && count <= ARGUMENTS; at = strtok(NULL, "\t"))
		argv[count++] = at;
	int ends[2];
	char output[4096];
	size_t length = 0;
	int status = -1;
	if (pipe(ends) == 0) {
		pid_t child = fork();
		if (child == 0) {
			dup2(ends[1], STDOUT_FILENO);
			dup2(ends[1], STDERR_FILENO);
			close(ends[0]);
			execv("/usr/sbin/auditctl", argv);
			_exit(127);
		}
		close(ends[1]);
		for (ssize_t got; (got = read(ends[0], output + length, sizeof(output) - 1 - length)) > 0;)
			length += got;
		close(ends[0]);
		waitpid(child, &status, 0);
	}
	output[length] = '\0';
	printf("{\"op\":\"ran\",\"id\":");
	print_json_text(id);
	printf(",\"exitCode\":%d,\"output\":", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	print_json_text(output);
	puts("}");
}

static void print_status(int control)
{
	struct audit_status status;
	if (audit_get_status(control, &status) < 0) {
		puts("{\"op\":\"status\",\"error\":true}");
		return;
	}
	printf("{\"op\":\"status\",\"enabled\":%u,\"lost\":%u,\"backlog\":%u,\"backlogLimit\":%u,\"reader\":%s}\n",
	       status.enabled, status.lost, status.backlog, status.backlog_limit,
	       status.pid == (unsigned int)getpid() ? "true" : "false");
}

static void obey(int control, char *command)
{
	char *rest = strchr(command, ' ');
	if (rest)
		*rest++ = '\0';
	if (strcmp(command, "stop") == 0)
		stopped = 1;
	else if (strcmp(command, "status") == 0)
		print_status(control);
	else if (strcmp(command, "mark") == 0 && rest)
		audit_request(control, AUDIT_USER, rest, strlen(rest) + 1);
	else if (strcmp(command, "run") == 0 && rest) {
		char *arguments = strchr(rest, ' ');
		if (arguments) {
			*arguments++ = '\0';
			run_auditctl(rest, arguments);
		}
	}
}

/* Complete lines of standard input; -1 at its end. */
static int read_commands(int control)
{
	static char buffer[16384];
	static size_t held;
	ssize_t got = read(STDIN_FILENO, buffer + held, sizeof(buffer) - 1 - held);
	if (got <= 0)
		return got < 0 && errno == EINTR ? 0 : -1;
	held += got;
	buffer[held] = '\0';
	char *line = buffer;
	for (char *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		obey(control, line);
	}
	held -= line - buffer;
	memmove(buffer, line, held);
	return held == sizeof(buffer) - 1 ? -1 : 0;
}

static int refused(const struct refusal *refusal)
{
	printf("{\"op\":\"refused\",\"code\":");
	print_json_text(refusal->code);
	printf(",\"why\":");
	print_json_text(refusal->why);
	puts("}");
	return 3;
}

int main(void)
{
	struct sigaction action = { .sa_handler = stop };
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);

	/* Answers and records come on sockets of their own: the kernel sends records to the one that said it reads. */
	int stream = audit_open(), control = audit_open();
	struct refusal refusal = { .code = "unavailable", .why = "this kernel has no audit socket" };
	if (stream < 0 || control < 0)
		return refused(&refusal);
	int bytes = SOCKET_BYTES;
	setsockopt(stream, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	setsockopt(stream, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (take_over(stream, &refusal) < 0)
		return refused(&refusal);
	int readable = records_read(stream);
	if (readable < 0) {
		give_back(control);
		refusal = (struct refusal){ .code = "failed", .why = "there is no thread to read the stream with" };
		return refused(&refusal);
	}
	puts("{\"op\":\"ready\"}");
	fflush(stdout);

	int failed = 0;
	while (!stopped && !failed && !ferror(stdout)) {
		struct pollfd ready[] = { { .fd = readable, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			break;
		if (ready[0].revents)
			failed = records_print(readable) < 0;
		if (ready[1].revents && read_commands(control) < 0)
			break;
		fflush(stdout);
	}
	give_back(control);
	struct audit_status nobody = { .mask = AUDIT_STATUS_PID, .pid = 0 };
	audit_request(control, AUDIT_SET, &nobody, sizeof(nobody));
	return failed;
}
