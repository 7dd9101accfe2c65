/* The machine's audit state: taken over for a run, and given back as it was found. */
#ifndef STATE_H
#define STATE_H

#include <stddef.h>

/* Every rule of ours has a key that begins so. */
#define KEY_PREFIX "atomclock"

/* What stood in the way. */
struct refusal {
	const char *code;
	char why[256];
};

/*
 * Gives back what a predecessor left behind that was killed, then takes the audit system over: notes its state in a
 * rule that never matches (so that the note lives exactly as long as the state does), and makes this process the
 * reader of the kernel's stream. 0, or -1 with the refusal; then nothing has changed.
 */
int take_over(int fd, struct refusal *refusal);

/* Removes our rules and restores what the note says. */
void give_back(int fd);

#endif
