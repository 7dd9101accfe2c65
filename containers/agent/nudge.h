// Wakes who watches a folder (inotify(7)) before it is told of news.
#pragma once
#include "frame.h"

/* A Y frame: gives each folder that its patterns (glob(7)) name the mode that it has, which its watchers are told of. */
void nudge(const struct frame *frame);
