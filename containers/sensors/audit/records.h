/* The kernel's stream of records, taken from it without a pause. */
#ifndef RECORDS_H
#define RECORDS_H

/*
 * Begins to read the stream in a thread of its own: what the kernel cannot hand over for half a second it drops, and
 * does not count. A descriptor that is readable when there is something to print; -1 with errno.
 */
int records_read(int stream);

/* Prints what has come by now, one line each; -1 when the stream has failed. */
int records_print(int readable);

#endif
