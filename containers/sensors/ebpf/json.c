// Writes JSON into one buffer; far cheaper than printf at tens of thousands of lines a second.
#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One line may be 128 KiB of arguments, each byte of which becomes six characters. */
#define ROOM (4u << 20)
#define FLUSH_AT (256u << 10)

static char buffer[ROOM];
static size_t used;
static int first_member;

void json_flush(void)
{
	size_t sent = 0;

	while (sent < used) {
		ssize_t n = write(STDOUT_FILENO, buffer + sent, used - sent);

		if (n <= 0)
			exit(1); /* nobody reads any more */
		sent += n;
	}
	used = 0;
}

static void put(const char *text, size_t length)
{
	if (used + length > ROOM)
		json_flush();
	memcpy(buffer + used, text, length);
	used += length;
}

static void put_char(char c)
{
	put(&c, 1);
}

static void put_digits(unsigned long long value, unsigned base, unsigned width)
{
	char digits[24];
	unsigned at = sizeof(digits);

	do {
		digits[--at] = '0' + value % base;
		value /= base;
	} while (value || sizeof(digits) - at < width);
	put(digits + at, sizeof(digits) - at);
}

static void put_escape(unsigned code)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = { '\\', 'u', hex[code >> 12], hex[code >> 8 & 15], hex[code >> 4 & 15], hex[code & 15] };

	put(text, sizeof(text));
}

/* Length of the UTF-8 sequence that begins here; 0 when it is not one. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
	size_t length = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : at[0] < 0xf5 ? 4 : 0;

	if (!length || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, beyond U+10FFFF */
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] >= 0xa0) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] >= 0x90))
		return 0;
	return length;
}

static void put_string(const unsigned char *at, size_t length)
{
	const unsigned char *end = at + length;

	put_char('"');
	while (at < end) {
		size_t plain = 0;

		while (at + plain < end && at[plain] >= 0x20 && at[plain] < 0x7f && at[plain] != '"' && at[plain] != '\\')
			plain++;
		if (plain) {
			put((const char *)at, plain);
			at += plain;
			continue;
		}
		size_t sequence = sequence_length(at, end - at);

		if (sequence == 0)
			put_escape(0xdc00 + *at);
		else if (sequence > 1)
			put((const char *)at, sequence);
		else if (*at == '"' || *at == '\\')
			put((const char[]){ '\\', *at }, 2);
		else
			put_escape(*at);
		at += sequence ? sequence : 1;
	}
	put_char('"');
}

static void put_name(const char *name)
{
	if (!first_member)
		put_char(',');
	first_member = 0;
	put_char('"');
	put(name, strlen(name));
	put("\":", 2);
}

void json_begin(void)
{
	put_char('{');
	first_member = 1;
}

void json_end(void)
{
	put("}\n", 2);
	if (used > FLUSH_AT)
		json_flush();
}

void json_unsigned(const char *name, unsigned long long value)
{
	put_name(name);
	put_digits(value, 10, 1);
}

void json_number(const char *name, long long value)
{
	put_name(name);
	if (value < 0)
		put_char('-');
	put_digits(value < 0 ? -(unsigned long long)value : (unsigned long long)value, 10, 1);
}

void json_true(const char *name)
{
	put_name(name);
	put("true", 4);
}

void json_big(const char *name, unsigned long long value)
{
	put_name(name);
	put_char('"');
	put_digits(value, 10, 1);
	put_char('"');
}

void json_octal(const char *name, unsigned value)
{
	put_name(name);
	put_char('"');
	put_digits(value, 8, 4);
	put_char('"');
}

void json_time(const char *name, unsigned long long nanoseconds)
{
	put_name(name);
	put_char('"');
	put_digits(nanoseconds / 1000000000, 10, 1);
	put_char('.');
	put_digits(nanoseconds % 1000000000, 10, 9);
	put_char('"');
}

void json_bytes(const char *name, const void *bytes, size_t length)
{
	put_name(name);
	put_string(bytes, length);
}

void json_text(const char *name, const char *text)
{
	json_bytes(name, text, strlen(text));
}

void json_strings(const char *name, const void *bytes, size_t length)
{
	const char *at = bytes, *end = at + length;

	put_name(name);
	put_char('[');
	while (at < end) {
		size_t one = strnlen(at, end - at);

		if (at != bytes)
			put_char(',');
		put_string((const unsigned char *)at, one);
		at += one + 1;
	}
	put_char(']');
}
