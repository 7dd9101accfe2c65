// Conversations with sockets of the target: see talk.h. Whoever listens there may be anybody: nothing is waited for.
#define _GNU_SOURCE
#include "talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct talk {
	uint32_t number; /* 0 where there is none */
	int fd;
	char *unsaid;
	size_t length, at;
} talks[TALKS_MAX];

static struct talk *find_talk(uint32_t number)
{
	for (struct talk *talk = talks; talk < talks + TALKS_MAX; talk++)
		if (talk->number == number)
			return talk;
	return NULL;
}

static void close_talk(struct talk *talk)
{
	close(talk->fd);
	free(talk->unsaid);
	*talk = (struct talk){ 0 };
}

static void tell_end(struct talk *talk, const char *was_ended)
{
	const char *texts[] = { "0", was_ended };

	frame_send_text('X', talk->number, 2, texts);
	close_talk(talk);
}

/* 0, or -1 with errno. */
static int address_of(const struct frame *frame, struct sockaddr_un *address)
{
	char *path = field_text(frame, 0);
	int fits = path && *path == '/' && strlen(path) < sizeof(address->sun_path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (fits)
		strcpy(address->sun_path, path);
	free(path);
	errno = fits ? 0 : EINVAL;
	return fits ? 0 : -1;
}

/* 0, or -1 with errno. */
static int keep(struct talk *talk, const struct field *words)
{
	size_t left = talk->length - talk->at;
	char *unsaid = malloc(left + words->length + 1);

	if (!unsaid)
		return -1;
	if (left > 0)
		memcpy(unsaid, talk->unsaid + talk->at, left);
	memcpy(unsaid + left, words->bytes, words->length);
	free(talk->unsaid);
	talk->unsaid = unsaid;
	talk->length = left + words->length;
	talk->at = 0;
	return 0;
}

/* Gives 0 where nobody listens any more. */
static int say(struct talk *talk)
{
	while (talk->at < talk->length) {
		ssize_t put = send(talk->fd, talk->unsaid + talk->at, talk->length - talk->at, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN;
		talk->at += put;
	}
	return 1;
}

void talk_start(const struct frame *frame)
{
	struct talk *talk = find_talk(0);
	struct sockaddr_un address;
	int fd = -1;

	errno = EMFILE;
	if (!talk || frame->count != 2 || address_of(frame, &address) < 0)
		goto refused;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		goto refused;
	*talk = (struct talk){ .number = frame->number, .fd = fd };
	if (keep(talk, &frame->fields[1]) == 0) {
		say(talk);
		return;
	}
	talk->number = 0;
refused:
	frame_refuse(frame->number, "socket");
	if (fd >= 0)
		close(fd);
}

void talk_say(const struct frame *frame)
{
	struct talk *talk = find_talk(frame->number);

	if (!talk || frame->number == 0 || frame->count != 1)
		return;
	if (keep(talk, &frame->fields[0]) < 0)
		tell_end(talk, "1");
	else
		say(talk);
}

int talk_end(uint32_t number)
{
	struct talk *talk = number == 0 ? NULL : find_talk(number);

	if (talk)
		tell_end(talk, "1");
	return talk != NULL;
}

void datagram_send(const struct frame *frame)
{
	struct sockaddr_un address;
	ssize_t put = -1;
	int fd;

	errno = EINVAL;
	if (frame->count != 2 || address_of(frame, &address) < 0) {
		frame_refuse(frame->number, "socket");
		return;
	}
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		put = sendto(fd, frame->fields[1].bytes, frame->fields[1].length, MSG_NOSIGNAL,
			     (struct sockaddr *)&address, sizeof(address));
	if (put < 0)
		frame_refuse(frame->number, "socket");
	else
		frame_send('D', frame->number, 0, NULL);
	if (fd >= 0)
		close(fd);
}

unsigned talks_poll(struct pollfd ready[TALKS_MAX])
{
	unsigned count = 0;

	for (struct talk *talk = talks; talk < talks + TALKS_MAX; talk++)
		if (talk->number != 0)
			ready[count++] = (struct pollfd){
				.fd = talk->fd,
				.events = talk->at < talk->length ? POLLIN | POLLOUT : POLLIN,
			};
	return count;
}

static void hear(struct talk *talk)
{
	static char bytes[65536];
	ssize_t got = read(talk->fd, bytes, sizeof(bytes));

	if (got > 0)
		frame_send('O', talk->number, 1, &(struct field){ .bytes = bytes, .length = got });
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		tell_end(talk, "0");
}

void talks_serve(const struct pollfd *ready, unsigned count)
{
	unsigned at = 0;

	/* None was started or ended since talks_poll: the harness is heard after this. */
	for (struct talk *talk = talks; talk < talks + TALKS_MAX && at < count; talk++) {
		short events;

		if (talk->number == 0)
			continue;
		events = ready[at++].revents;
		if (events & POLLOUT)
			say(talk);
		if (events & (POLLIN | POLLHUP | POLLERR))
			hear(talk);
	}
}
