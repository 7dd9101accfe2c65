// The end of a command with all that it started.
#pragma once
#include <sys/types.h>

/* When a process started, in clock ticks since boot: with its pid it names it for good. 0 where it is gone. */
unsigned long long start_time(pid_t pid);
/*
 * Kills a process, its session and all its descendants. `started` is 0 for a child of the agent that it has not taken
 * note of: its pid is still its own. Where the pid is another process's by now, its session alone: no new process can
 * have the number of a session that is there.
 */
void kill_tree(pid_t root, unsigned long long started);
