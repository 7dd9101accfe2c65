// One command from its start to its end; see run.h.
#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "script.h"
#include "spawn.h"
#include "tree.h"

struct run {
	struct run *next;
	uint32_t number;
	pid_t pid;
	struct pipes pipes;  /* -1 when closed */
	char *input;         /* what is still to be written to its standard input */
	size_t input_length, input_at;
	char *script;        /* its file, to be removed at its end */
	int paused, killed, ended, status;
	long long ended_at;
	/* Its end is known to the harness; what is left holds its output, and must not die of it. */
	int told;
};

static struct run *runs;

/* The engine's own exec waits as long for what a command left behind with its output before it calls it ended. */
#define LINGER_MS 2000
/* More of the last words than this are not waited for: what was left running may never stop talking. */
#define LAST_WORDS (4 << 20)

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void free_run(struct run *run)
{
	if (run->script)
		script_remove(run->script);
	close_end(&run->pipes.in);
	close_end(&run->pipes.out);
	close_end(&run->pipes.err);
	free(run->script);
	free(run->input);
	free(run);
}

static char **texts_from(const struct frame *frame, unsigned from, unsigned count)
{
	char **texts = calloc(count + 1, sizeof(*texts));

	for (unsigned i = 0; texts && i < count; i++) {
		texts[i] = field_text(frame, from + i);
		if (!texts[i])
			return NULL;
	}
	return texts;
}

static void free_texts(char **texts)
{
	for (char **text = texts; text && *text; text++)
		free(*text);
	free(texts);
}

/* Fields of an R frame, in their order. */
enum { USER, DIRECTORY, SCRIPT, CONTENT, INPUT, VARIABLES, FIRST };

/* NULL where it can be done, else what cannot, with errno. */
static const char *prepare(const struct frame *frame, struct run *run, struct command *command)
{
	char *count = field_text(frame, VARIABLES), *user = field_text(frame, USER);
	unsigned variables = count ? strtoul(count, NULL, 10) : 0;
	int known = user && account_find(user, &command->account) == 0;

	free(count);
	free(user);
	errno = EINVAL;
	if (frame->count <= FIRST || variables >= frame->count - FIRST)
		return "command";
	if (!known)
		return "user";
	command->directory = field_text(frame, DIRECTORY);
	command->variables = texts_from(frame, FIRST, variables);
	command->arguments = texts_from(frame, FIRST + variables, frame->count - FIRST - variables);
	if (!command->directory || !command->variables || !command->arguments)
		return "command";
	if (frame->fields[INPUT].length > 0) {
		run->input_length = frame->fields[INPUT].length;
		run->input = malloc(run->input_length);
		if (!run->input)
			return "input";
		memcpy(run->input, frame->fields[INPUT].bytes, run->input_length);
	}
	if (frame->fields[SCRIPT].length == 0)
		return NULL;
	run->script = field_text(frame, SCRIPT);
	return run->script && script_write(run->script, &frame->fields[CONTENT]) == 0 ? NULL : "script";
}

static void tell_start(const struct run *run)
{
	char pid[16], started[32];
	const char *texts[] = { pid, started };

	snprintf(pid, sizeof(pid), "%d", run->pid);
	snprintf(started, sizeof(started), "%llu", start_time(run->pid));
	frame_send_text('S', run->number, 2, texts);
}

void run_start(const struct frame *frame)
{
	struct run *run = calloc(1, sizeof(*run));
	struct command command = { 0 };
	const char *trouble = "process";

	if (!run) {
		frame_refuse(frame->number, trouble);
		return;
	}
	*run = (struct run){ .number = frame->number, .pipes = { -1, -1, -1 } };
	trouble = prepare(frame, run, &command);
	if (!trouble) {
		run->pid = spawn(&command, run->input != NULL, &run->pipes);
		trouble = run->pid < 0 ? "process" : NULL;
	}
	if (trouble) {
		frame_refuse(frame->number, trouble);
		free_run(run);
	} else {
		run->next = runs;
		runs = run;
		tell_start(run);
	}
	free(command.directory);
	free_texts(command.variables);
	free_texts(command.arguments);
}

static struct run *find_run(uint32_t number)
{
	for (struct run *run = runs; run; run = run->next)
		if (run->number == number && !run->told)
			return run;
	return NULL;
}

void run_kill(uint32_t number)
{
	struct run *run = find_run(number);

	if (!run)
		return;
	run->paused = 0;
	/* Nobody waits any longer for what it left behind. */
	run->ended_at = now_ms() - LINGER_MS;
	runs_reap();
	if (run->ended)
		return;
	run->killed = 1;
	kill_tree(run->pid, 0);
}

void run_pause(uint32_t number, int paused)
{
	struct run *run = find_run(number);

	if (run)
		run->paused = paused;
}

void runs_reap(void)
{
	int status;

	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		for (struct run *run = runs; run; run = run->next)
			if (run->pid == pid && !run->ended) {
				run->status = status;
				run->ended = 1;
				if (run->ended_at == 0)
					run->ended_at = now_ms();
			}
}

/* Hands on what is there; gives how many bytes. */
static size_t forward(struct run *run, int *fd, char kind)
{
	static char bytes[65536];
	ssize_t got;

	if (*fd < 0)
		return 0;
	got = read(*fd, bytes, sizeof(bytes));
	if (got > 0) {
		struct field field = { .bytes = bytes, .length = got };

		if (!run->told)
			frame_send(kind, run->number, 1, &field);
		return got;
	}
	if (got == 0 || (errno != EAGAIN && errno != EINTR))
		close_end(fd);
	return 0;
}

static void feed(struct run *run)
{
	ssize_t put = write(run->pipes.in, run->input + run->input_at, run->input_length - run->input_at);

	if (put > 0)
		run->input_at += put;
	if (run->input_at == run->input_length || (put < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&run->pipes.in);
}

static void tell_end(struct run *run)
{
	char code[16];
	const char *texts[] = { code, run->killed ? "1" : "0" };
	size_t said = 0, more;

	do {
		more = forward(run, &run->pipes.out, 'O') + forward(run, &run->pipes.err, 'E');
		said += more;
	} while (more > 0 && said < LAST_WORDS);
	close_end(&run->pipes.in);
	if (run->script)
		script_remove(run->script);
	free(run->script);
	run->script = NULL;
	snprintf(code, sizeof(code), "%d",
		 WIFSIGNALED(run->status) ? 128 + WTERMSIG(run->status) : WEXITSTATUS(run->status));
	frame_send_text('X', run->number, 2, texts);
	run->told = 1;
}

static int is_silent(const struct run *run)
{
	return run->pipes.out < 0 && run->pipes.err < 0;
}

void runs_finish(void)
{
	for (struct run **at = &runs; *at;) {
		struct run *run = *at;

		if (run->ended && !run->told && !run->paused &&
		    (is_silent(run) || now_ms() - run->ended_at >= LINGER_MS))
			tell_end(run);
		if (run->told && is_silent(run)) {
			*at = run->next;
			free_run(run);
		} else
			at = &run->next;
	}
}

struct pollfd *runs_poll(unsigned before, unsigned *count, int *timeout)
{
	static struct pollfd *ready;
	static unsigned room;
	unsigned wanted = before;

	for (struct run *run = runs; run; run = run->next)
		wanted += 3;
	if (wanted > room) {
		struct pollfd *more = realloc(ready, wanted * sizeof(*more));

		if (!more)
			return NULL;
		ready = more;
		room = wanted;
	}
	*count = before;
	*timeout = -1;
	for (struct run *run = runs; run; run = run->next) {
		/* poll(2) passes over what is negative. */
		ready[(*count)++] = (struct pollfd){ .fd = run->pipes.in, .events = POLLOUT };
		ready[(*count)++] = (struct pollfd){ .fd = run->paused ? -1 : run->pipes.out, .events = POLLIN };
		ready[(*count)++] = (struct pollfd){ .fd = run->paused ? -1 : run->pipes.err, .events = POLLIN };
		if (run->ended && !run->told) {
			long long left = run->ended_at + LINGER_MS - now_ms();
			int wait = left > 0 ? left : 0;

			*timeout = *timeout < 0 || wait < *timeout ? wait : *timeout;
		}
	}
	return ready;
}

void runs_serve(const struct pollfd *ready, unsigned before, unsigned count)
{
	/* In the order in which runs_poll filled it: nothing was started or freed since. */
	unsigned at = before;

	for (struct run *run = runs; run && at + 2 < count; run = run->next, at += 3) {
		if (ready[at].revents)
			feed(run);
		if (ready[at + 1].revents)
			forward(run, &run->pipes.out, 'O');
		if (ready[at + 2].revents)
			forward(run, &run->pipes.err, 'E');
	}
}
