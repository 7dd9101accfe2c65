/* The kernel's audit socket: requests with their answers, and the stream of records. */
#ifndef NETLINK_H
#define NETLINK_H

#include <linux/audit.h>
#include <linux/netlink.h>
#include <stddef.h>

/* Largest message that the kernel sends (MAX_AUDIT_MESSAGE_LENGTH), with its header. */
#define MESSAGE_BYTES 8970

struct message {
	struct nlmsghdr header;
	char body[MESSAGE_BYTES];
};

/* Opens a socket; -1 and errno when this kernel or container has none. */
int audit_open(void);

/* Sends one request and waits for its acknowledgement; 0, or -1 with errno as the kernel answered. */
int audit_request(int fd, int type, const void *body, size_t bytes);

/* Asks for the audit system's state. */
int audit_get_status(int fd, struct audit_status *status);

/* Calls take() with every rule that is loaded; stops when it says non-zero. */
int audit_each_rule(int fd, int (*take)(const struct audit_rule_data *rule, size_t bytes, void *data), void *data);

/* Receives one message; its length, 0 when there is none yet, -1 with errno. */
int audit_receive(int fd, struct message *message);

#endif
