// Conversations with sockets of the target, held by the agent itself: no process in the target for a question.
#pragma once
#include <poll.h>

#include "frame.h"

/* A U frame: connects to a stream socket and says the first bytes; O frames bring what it says, an X frame its end. */
void talk_start(const struct frame *frame);
/* An I frame: says more. */
void talk_say(const struct frame *frame);
/* A K frame: ends the conversation of this number; 0 where there is none. */
int talk_end(uint32_t number);
/* An M frame: sends a datagram, and never waits for room. */
void datagram_send(const struct frame *frame);

/* More at a time nobody needs: one with the journal, and one with the service manager of each account that is logged in. */
#define TALKS_MAX 32
/* What to wait for. Gives how many. */
unsigned talks_poll(struct pollfd ready[TALKS_MAX]);
/* Says and hears what can be said and heard, in the order of talks_poll. */
void talks_serve(const struct pollfd *ready, unsigned count);
