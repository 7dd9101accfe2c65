/*
 * The harness's hand in a target: runs commands as users, kills them with all that they started, writes files,
 * looks at what is there.
 *
 * Started once, from outside of the target, so that nothing it runs is a child of the target's service manager. It
 * speaks frames (frame.h) on standard input and output, and ends when its input does.
 *
 * `agent --continue PID` is for one that an attack has stopped. `agent --boot PATH MODE CONTENT... -- COMMAND...` is
 * what the container is started with: it writes files that the machine reads when it boots, spares it what makes nothing
 * in a container, and becomes the machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"
#include "generators.h"
#include "look.h"
#include "nudge.h"
#include "place.h"
#include "run.h"
#include "script.h"
#include "talk.h"
#include "tree.h"

#define VERSION "3"

static void make_folders(char *path)
{
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

/* 0, or -1 with errno. */
static int write_content(char *path, const char *mode, const struct field *content)
{
	int fd, result = 0;

	make_folders(path);
	/* A pipe without a reader must not hold the agent up. */
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
	if (fd < 0)
		return -1;
	for (size_t at = 0; at < content->length;) {
		ssize_t put = write(fd, content->bytes + at, content->length - at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			result = -1;
			break;
		}
		at += put;
	}
	if (result == 0)
		result = fchmod(fd, strtoul(mode, NULL, 8));
	if (close(fd) < 0)
		result = -1;
	return result;
}

static void write_file(const struct frame *frame)
{
	char *path = field_text(frame, 0), *mode = field_text(frame, 1);

	errno = EINVAL;
	if (frame->count != 3 || !path || *path != '/' || !mode || write_content(path, mode, &frame->fields[2]) < 0)
		frame_refuse(frame->number, "file");
	else
		frame_send('D', frame->number, 0, NULL);
	free(path);
	free(mode);
}

static void kill_foreign(const struct frame *frame)
{
	char *pid = field_text(frame, 0), *text = field_text(frame, 1);
	unsigned long long started = text ? strtoull(text, NULL, 10) : 0;

	if (pid && atoi(pid) > 1 && started > 0)
		kill_tree(atoi(pid), started);
	free(pid);
	free(text);
}

static void obey(const struct frame *frame)
{
	switch (frame->kind) {
	case 'R':
		run_start(frame);
		return;
	case 'K':
		if (!talk_end(frame->number))
			run_kill(frame->number);
		return;
	case 'T':
		kill_foreign(frame);
		return;
	case 'P':
	case 'C':
		run_pause(frame->number, frame->kind == 'P');
		return;
	case 'W':
		write_file(frame);
		return;
	case 'L':
		look_answer(frame);
		return;
	case 'U':
		talk_start(frame);
		return;
	case 'I':
		talk_say(frame);
		return;
	case 'M':
		datagram_send(frame);
		return;
	case 'Y':
		nudge(frame);
		return;
	case 'G':
		place_return();
		generators_wake();
		frame_send('D', frame->number, 0, NULL);
		return;
	case 'N':
		frame_send('N', frame->number, 0, NULL);
		return;
	default:
		errno = ENOSYS;
		frame_refuse(frame->number, "frame");
	}
}

/*
 * What an attack sends to every process is meant for the machine, not for who watches it. The machine's own end is
 * another thing: PID 1 tells everybody to end, and waits for it.
 */
static int open_signals(void)
{
	sigset_t heard;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&heard);
	sigaddset(&heard, SIGCHLD);
	sigaddset(&heard, SIGTERM);
	sigprocmask(SIG_SETMASK, &heard, NULL);
	return signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void hear_signals(int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGTERM && info.ssi_pid == 1)
			exit(0);
	runs_reap();
}

static void hear_harness(void)
{
	static struct frame frame;
	int more;

	if (frames_fill(STDIN_FILENO) < 0)
		exit(0);
	while ((more = frames_next(&frame)) > 0)
		obey(&frame);
	if (more < 0)
		exit(2);
}

static int serve(void)
{
	char pid[16], namespace[32];
	const char *hello[] = { VERSION, pid, namespace };
	struct stat facts = { 0 };
	int signals = open_signals();

	if (signals < 0)
		return 1;
	umask(022);
	scripts_begin();
	fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
	snprintf(pid, sizeof(pid), "%d", getpid());
	stat("/proc/self/ns/pid", &facts);
	snprintf(namespace, sizeof(namespace), "%llu", (unsigned long long)facts.st_ino);
	frame_send_text('A', 0, 3, hello);
	for (;;) {
		struct pollfd talking[TALKS_MAX];
		unsigned talks = talks_poll(talking), before = 2 + talks, count;
		int timeout;
		struct pollfd *ready = runs_poll(before, &count, &timeout);

		if (!ready)
			return 3;
		ready[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
		ready[1] = (struct pollfd){ .fd = signals, .events = POLLIN };
		memcpy(ready + 2, talking, talks * sizeof(*talking));
		if (poll(ready, count, timeout) < 0) {
			if (errno == EINTR)
				continue;
			return 1;
		}
		runs_serve(ready, before, count);
		talks_serve(ready + 2, talks);
		if (ready[1].revents)
			hear_signals(signals);
		runs_finish();
		if (ready[0].revents)
			hear_harness();
	}
}

/* The engine would start itself anew for an upload of these few bytes (dockerd, docker-untar). */
static int boot(char **words)
{
	for (; *words && strcmp(*words, "--") != 0; words += 3) {
		struct field content = { 0 };

		if (!words[1] || !words[2])
			return 2;
		content.bytes = words[2];
		content.length = strlen(words[2]);
		if (write_content(words[0], words[1], &content) < 0) {
			perror(words[0]);
			return 1;
		}
	}
	if (!*words || !words[1])
		return 2;
	/* Not later: libmount, as systemd asks it for mounts, waits for ever where /run gets an entry in that moment. */
	scripts_begin();
	generators_rest();
	execv(words[1], words + 1);
	perror(words[1]);
	return 127;
}

int main(int count, char **arguments)
{
	if (count > 1 && strcmp(arguments[1], "--boot") == 0)
		return boot(arguments + 2);
	if (count == 3 && strcmp(arguments[1], "--continue") == 0)
		return kill(atoi(arguments[2]), SIGCONT) == 0 ? 0 : 1;
	return serve();
}
