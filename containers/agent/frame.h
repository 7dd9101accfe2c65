// What travels between the harness and the agent: frames of length, kind, number and fields, little-endian.
#pragma once
#include <stddef.h>
#include <stdint.h>

/*
 * A frame is: u32 length of what follows, u8 kind, u32 number, then the fields, each a u32 length and its bytes. The
 * number is the harness's for what it asks; every answer carries it.
 *
 * From the harness:
 *   R  run: user, working directory, path of the script, its content, standard input, number of variables,
 *      variables…, arguments…. Without a path there is no script; it is not put behind the arguments.
 *   K  kill the run of this number, its session and all its descendants
 *   T  the same for a run of an agent that is gone: pid, start time
 *   P  read no more of the run's output      C  read on
 *   W  write a file: path, mode in octal, content
 *   L  look at files, processes, the clock: see look.h
 *   U  talk with a socket: path, the first words    I  more words    K  ends it: see talk.h
 *   M  send a datagram: path of its socket, content
 *   Y  wake who watches folders: patterns…: see nudge.h
 *   G  leave the control group of the service manager: see place.h
 *   N  is it there?
 * From the agent:
 *   A  it is there: version, pid, inode of its pid namespace
 *   S  started: pid, start time (proc(5), stat, field 22)
 *   O  standard output, or what a socket says: bytes      E  standard error: bytes
 *   X  ended: exit code or 128 + signal, 1 where a K frame made it end
 *   L  what is there: see look.h
 *   D  done
 *   F  could not: what, errno, why
 *   N  it is there
 */

/* The same figure stands in the harness, which sends none that is longer. */
#define FRAME_MAX (64 << 20)

struct field {
	const char *bytes;
	uint32_t length;
};

struct frame {
	char kind;
	uint32_t number;
	unsigned count, room;
	struct field *fields;
};

/* Reads as much as is there; -1 at the end of the input. */
int frames_fill(int fd);
/* The next whole frame; 0 when there is none yet, -1 when what came is no frame. Valid until the next fill. */
int frames_next(struct frame *frame);

/* Sends a frame of at most four fields whole; ends the agent where nobody reads any more. */
void frame_send(char kind, uint32_t number, unsigned count, const struct field *fields);
/* The same with its fields as they travel, each behind its length. */
void frame_send_packed(char kind, uint32_t number, char *fields, size_t length);
void frame_send_text(char kind, uint32_t number, unsigned count, const char *const *texts);
/* Says what could not be done, with the reason that errno has. */
void frame_refuse(uint32_t number, const char *what);

/* A field as a string of its own; NULL where there is none or it holds a NUL. */
char *field_text(const struct frame *frame, unsigned index);
