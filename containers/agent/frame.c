// Frames in and out: see frame.h.
#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static char *held;
static size_t used, taken, room;

int frames_fill(int fd)
{
	ssize_t got;

	if (taken > 0) {
		memmove(held, held + taken, used - taken);
		used -= taken;
		taken = 0;
	}
	if (room - used < 65536) {
		size_t wanted = room + (room > 1 << 20 ? room : 1 << 20);
		char *more = realloc(held, wanted);

		if (!more)
			return -1;
		held = more;
		room = wanted;
	}
	got = read(fd, held + used, room - used);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -1;
	used += got;
	return got == 0 ? -1 : 0;
}

static uint32_t number_at(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;

	return byte[0] | byte[1] << 8 | byte[2] << 16 | (uint32_t)byte[3] << 24;
}

static int add_field(struct frame *frame, struct field field)
{
	if (frame->count == frame->room) {
		unsigned wanted = frame->room ? 2 * frame->room : 64;
		struct field *more = realloc(frame->fields, wanted * sizeof(*more));

		if (!more)
			return -1;
		frame->fields = more;
		frame->room = wanted;
	}
	frame->fields[frame->count++] = field;
	return 0;
}

int frames_next(struct frame *frame)
{
	const char *at = held + taken, *end;
	uint32_t length;

	if (used - taken < 4)
		return 0;
	length = number_at(at);
	if (length < 5 || length > FRAME_MAX)
		return -1;
	if (used - taken - 4 < length)
		return 0;
	end = at + 4 + length;
	frame->kind = at[4];
	frame->number = number_at(at + 5);
	frame->count = 0;
	for (at += 9; at < end; at += 4 + length) {
		if (end - at < 4)
			return -1;
		length = number_at(at);
		if (length > end - at - 4)
			return -1;
		if (add_field(frame, (struct field){ .bytes = at + 4, .length = length }) < 0)
			return -1;
	}
	taken = end - held;
	return 1;
}

/* All of it, in as few writes as there can be: what carries it on has work with each. */
static void put(struct iovec *parts, unsigned count)
{
	while (count > 0) {
		ssize_t sent = writev(STDOUT_FILENO, parts, count);

		if (sent < 0 && errno == EAGAIN) {
			struct pollfd ready = { .fd = STDOUT_FILENO, .events = POLLOUT };

			poll(&ready, 1, -1);
			continue;
		}
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			_exit(0);
		for (; count > 0 && (size_t)sent >= parts->iov_len; parts++, count--)
			sent -= parts->iov_len;
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + sent;
			parts->iov_len -= sent;
		}
	}
}

static void store(char *at, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		at[i] = number >> 8 * i & 255;
}

static void write_head(char *head, char kind, uint32_t number, uint32_t length)
{
	store(head, 5 + length);
	head[4] = kind;
	store(head + 5, number);
}

#define FIELDS_MAX 4

void frame_send(char kind, uint32_t number, unsigned count, const struct field *fields)
{
	struct iovec parts[1 + 2 * FIELDS_MAX];
	char head[9], lengths[FIELDS_MAX][4];
	uint32_t length = 0;

	for (unsigned i = 0; i < count; i++) {
		length += 4 + fields[i].length;
		store(lengths[i], fields[i].length);
		parts[1 + 2 * i] = (struct iovec){ .iov_base = lengths[i], .iov_len = 4 };
		parts[2 + 2 * i] =
			(struct iovec){ .iov_base = (char *)fields[i].bytes, .iov_len = fields[i].length };
	}
	write_head(head, kind, number, length);
	parts[0] = (struct iovec){ .iov_base = head, .iov_len = sizeof(head) };
	put(parts, 1 + 2 * count);
}

void frame_send_packed(char kind, uint32_t number, char *fields, size_t length)
{
	char head[9];
	struct iovec parts[] = {
		{ .iov_base = head, .iov_len = sizeof(head) },
		{ .iov_base = fields, .iov_len = length },
	};

	write_head(head, kind, number, length);
	put(parts, 2);
}

void frame_send_text(char kind, uint32_t number, unsigned count, const char *const *texts)
{
	struct field fields[FIELDS_MAX];

	for (unsigned i = 0; i < count; i++)
		fields[i] = (struct field){ .bytes = texts[i], .length = strlen(texts[i]) };
	frame_send(kind, number, count, fields);
}

void frame_refuse(uint32_t number, const char *what)
{
	char code[16];
	const char *texts[] = { what, code, strerror(errno) };

	snprintf(code, sizeof(code), "%d", errno);
	frame_send_text('F', number, 3, texts);
}

char *field_text(const struct frame *frame, unsigned index)
{
	const struct field *field = &frame->fields[index];
	char *text;

	if (index >= frame->count || memchr(field->bytes, '\0', field->length))
		return NULL;
	text = malloc(field->length + 1);
	if (!text)
		return NULL;
	memcpy(text, field->bytes, field->length);
	text[field->length] = '\0';
	return text;
}
