// One record as one line of JSON.
#pragma once
#include <stddef.h>

#include "record.h"

/* Offset from time since boot to the wall clock, ns. */
void set_clock_offset(long long nanoseconds);

/* Takes the kernel's next record; prints it, or keeps it until the rest of its arguments has come. */
void take_record(const struct record *record, size_t size);

/* Prints what still waits for its rest: no more is coming. */
void finish_records(void);
