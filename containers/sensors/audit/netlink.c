#include "netlink.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel answers at once; a longer silence means that it never will. */
#define ANSWER_MS 5000

int audit_open(void)
{
	return socket(PF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
}

static int send_message(int fd, int type, int flags, const void *body, size_t bytes)
{
	static unsigned int sequence;
	struct message request = { 0 };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (bytes > sizeof(request.body)) {
		errno = EMSGSIZE;
		return -1;
	}
	request.header.nlmsg_len = NLMSG_SPACE(bytes);
	request.header.nlmsg_type = type;
	request.header.nlmsg_flags = flags;
	request.header.nlmsg_seq = ++sequence;
	if (bytes)
		memcpy(NLMSG_DATA(&request.header), body, bytes);
	ssize_t sent = sendto(fd, &request, request.header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	return sent < 0 ? -1 : (int)sequence;
}

int audit_receive(int fd, struct message *message)
{
	ssize_t length = recv(fd, message, sizeof(*message), MSG_DONTWAIT);
	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return (int)length;
}

/* Waits for the next message; -1 with errno ETIME when the kernel stays silent. */
static int await_message(int fd, struct message *message)
{
	for (;;) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		if (poll(&wait, 1, ANSWER_MS) == 0) {
			errno = ETIME;
			return -1;
		}
		int length = audit_receive(fd, message);
		if (length != 0)
			return length;
	}
}

static int error_of(const struct message *message)
{
	const struct nlmsgerr *answer = NLMSG_DATA(&message->header);
	return -answer->error;
}

int audit_request(int fd, int type, const void *body, size_t bytes)
{
	int sequence = send_message(fd, type, NLM_F_REQUEST | NLM_F_ACK, body, bytes);
	if (sequence < 0)
		return -1;
	struct message answer;
	do {
		if (await_message(fd, &answer) < 0)
			return -1;
	} while (answer.header.nlmsg_type != NLMSG_ERROR || (int)answer.header.nlmsg_seq != sequence);
	errno = error_of(&answer);
	return errno ? -1 : 0;
}

int audit_get_status(int fd, struct audit_status *status)
{
	int sequence = send_message(fd, AUDIT_GET, NLM_F_REQUEST, NULL, 0);
	if (sequence < 0)
		return -1;
	for (;;) {
		struct message answer;
		if (await_message(fd, &answer) < 0)
			return -1;
		if ((int)answer.header.nlmsg_seq != sequence)
			continue;
		if (answer.header.nlmsg_type == NLMSG_ERROR) {
			errno = error_of(&answer);
			return -1;
		}
		if (answer.header.nlmsg_type != AUDIT_GET)
			continue;
		/* Kernels differ in how much of the structure they know. */
		size_t bytes = NLMSG_PAYLOAD(&answer.header, 0);
		memset(status, 0, sizeof(*status));
		memcpy(status, NLMSG_DATA(&answer.header), bytes < sizeof(*status) ? bytes : sizeof(*status));
		return 0;
	}
}

int audit_each_rule(int fd, int (*take)(const struct audit_rule_data *, size_t, void *), void *data)
{
	int sequence = send_message(fd, AUDIT_LIST_RULES, NLM_F_REQUEST, NULL, 0);
	if (sequence < 0)
		return -1;
	int stop = 0;
	for (;;) {
		struct message answer;
		if (await_message(fd, &answer) < 0)
			return -1;
		if ((int)answer.header.nlmsg_seq != sequence)
			continue;
		if (answer.header.nlmsg_type == NLMSG_DONE)
			return 0;
		if (answer.header.nlmsg_type == NLMSG_ERROR) {
			errno = error_of(&answer);
			return errno ? -1 : 0;
		}
		if (answer.header.nlmsg_type == AUDIT_LIST_RULES && !stop)
			stop = take(NLMSG_DATA(&answer.header), NLMSG_PAYLOAD(&answer.header, 0), data);
	}
}
