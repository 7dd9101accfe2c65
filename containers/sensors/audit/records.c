#include "records.h"

#include "netlink.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

/* Beyond this the kernel waits. The container may have four times as much: a buffer that grows is copied. */
#define MOST_BYTES (128L * 1024 * 1024)

static struct {
	pthread_mutex_t lock;
	pthread_cond_t taken;
	int stream, readable, failed;
	/* What has come and is not printed yet. */
	FILE *waiting;
	char *text;
	size_t length;
} records = { .lock = PTHREAD_MUTEX_INITIALIZER, .taken = PTHREAD_COND_INITIALIZER };

/* The container of a process, from the names of its cgroups; `-` when it is in none or has gone. */
static void print_container(FILE *out, long pid)
{
	char path[64], line[1024];
	snprintf(path, sizeof(path), "/proc/%ld/cgroup", pid);
	FILE *file = pid > 0 ? fopen(path, "re") : NULL;
	while (file && fgets(line, sizeof(line), file)) {
		for (char *at = line; *at; at++) {
			size_t digits = strspn(at, "0123456789abcdef");
			if (digits == 64) {
				fprintf(out, "%.64s ", at);
				fclose(file);
				return;
			}
			if (digits)
				at += digits - 1;
		}
	}
	if (file)
		fclose(file);
	fputs("- ", out);
}

/* What programs send (PAM, sudo) has no rule's key to tell whose it is; nor has the kernel's note of a login. */
static int needs_container(int type)
{
	return type == AUDIT_LOGIN || (type >= AUDIT_FIRST_USER_MSG && type <= AUDIT_LAST_USER_MSG);
}

static void print_record(FILE *out, const struct message *message, int length)
{
	int type = message->header.nlmsg_type;
	int bytes = length - (int)NLMSG_HDRLEN;
	const char *text = NLMSG_DATA(&message->header);
	if (type < AUDIT_USER || bytes <= 0)
		return;
	while (bytes > 0 && (text[bytes - 1] == '\0' || text[bytes - 1] == '\n'))
		bytes--;
	if (needs_container(type)) {
		char copy[256];
		snprintf(copy, sizeof(copy), "%.*s", bytes, text);
		const char *pid = strstr(copy, " pid=");
		print_container(out, pid ? strtol(pid + strlen(" pid="), NULL, 10) : 0);
	} else {
		fputs("- ", out);
	}
	fprintf(out, "type=%d msg=", type);
	/* Line breaks would look like records. */
	for (int i = 0; i < bytes; i++)
		putc(text[i] == '\n' || text[i] == '\r' ? ' ' : text[i], out);
	putc('\n', out);
}

static void *read_stream(void *unused)
{
	(void)unused;
	struct message message;
	for (;;) {
		struct pollfd wait = { .fd = records.stream, .events = POLLIN };
		int length = audit_receive(records.stream, &message);
		if (length == 0) {
			poll(&wait, 1, -1);
			continue;
		}
		/* The socket was full: the kernel keeps what did not fit, and sends it again. */
		if (length < 0 && errno == ENOBUFS)
			continue;
		pthread_mutex_lock(&records.lock);
		while (ftell(records.waiting) > MOST_BYTES)
			pthread_cond_wait(&records.taken, &records.lock);
		if (length < 0)
			records.failed = 1;
		else
			print_record(records.waiting, &message, length);
		pthread_mutex_unlock(&records.lock);
		eventfd_write(records.readable, 1);
		if (length < 0)
			return NULL;
	}
}

int records_read(int stream)
{
	pthread_t thread;
	sigset_t all, before;
	records.stream = stream;
	records.readable = eventfd(0, EFD_CLOEXEC);
	records.waiting = open_memstream(&records.text, &records.length);
	if (records.readable < 0 || !records.waiting)
		return -1;
	/* Signals are for the thread that obeys. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errno = pthread_create(&thread, NULL, read_stream, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return errno ? -1 : records.readable;
}

int records_print(int readable)
{
	eventfd_t news;
	eventfd_read(readable, &news);
	pthread_mutex_lock(&records.lock);
	fclose(records.waiting);
	char *text = records.text;
	size_t length = records.length;
	int failed = records.failed;
	records.waiting = open_memstream(&records.text, &records.length);
	if (!records.waiting)
		abort();
	pthread_cond_signal(&records.taken);
	pthread_mutex_unlock(&records.lock);
	fwrite(text, 1, length, stdout);
	free(text);
	return failed ? -1 : 0;
}
