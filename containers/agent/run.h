// The commands that the agent runs: started, fed, listened to, killed.
#pragma once
#include <poll.h>

#include "frame.h"

/* Starts what an R frame asks for, or says why not. */
void run_start(const struct frame *frame);
/* Kills the run's session and all its descendants. */
void run_kill(uint32_t number);
/* Reads on, or no more, what the run writes. */
void run_pause(uint32_t number, int paused);
/* After SIGCHLD: notes who has ended. */
void runs_reap(void);
/* Tells the end of those that have ended, behind what they had written. */
void runs_finish(void);

/* The descriptors to wait on behind the first `before`, NULL where there is no memory; and how long at most. */
struct pollfd *runs_poll(unsigned before, unsigned *count, int *timeout);
/* What to do with those that are ready, of an array that runs_poll gave. */
void runs_serve(const struct pollfd *ready, unsigned before, unsigned count);
