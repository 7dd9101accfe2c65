// Files, folders, processes and the clock, looked at by the agent itself: no process in the target for a question.
#pragma once
#include "frame.h"

/*
 * Answers an L frame: questions of four fields each (kind, path, two options), one after the other.
 *   K  the clock: -, -, -
 *   P  running processes: names between line breaks, -, -
 *   E  whether it can be executed: path, -, -
 *   N  names in a folder: path, -, -
 *   T  a file, or a folder with all below it: path; how (letters below); which (see `choose`)
 * How: c with contents, g the path is a pattern, h what a link as its start leads to, x on its file system only, and a
 * digit: how deep, anything where there is none.
 *
 * Answers come in L frames, five fields for each thing that is there: number of the question from 0, path or name,
 * facts, where a link leads, content. Then a D frame, with a field where there was more than is told.
 */
void look_answer(const struct frame *frame);
