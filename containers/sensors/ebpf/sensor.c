// The sensor: loads the programs, takes commands on standard input, gives records on standard output.
//
//   add PIDNS [TAG]   watch the processes of this pid namespace; first the ones that live already
//   count PIDNS       how many records it has had, and how many of them are lost: after the reply, all are out
//   remove PIDNS      stop watching it
//   stop              end; so does the end of standard input
//
// Each command is acknowledged by a line of JSON, after every record that belongs before it.
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"
#include "json.h"
#include "print.h"
#include "record.h"
#include "syscalls.h"

typedef unsigned int u32;
typedef unsigned long long u64;
#include "sensor.skel.h"

#define BATCH 4096 /* records taken before commands and losses are looked at again */
#define IDLE_MS 200

static struct sensor_bpf *programs;
static struct ring_buffer *ring;
static u64 records, lost_told, misses_told;
static bool follows_io_uring; /* the kernel says when a request is submitted */
static bool reads_arguments;  /* of processes that lived before */
static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
	(void)number;
	stopping = 1;
}

static u64 now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static int print_library(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_DEBUG && !getenv("SENSOR_DEBUG") ? 0 : vfprintf(stderr, format, arguments);
}

/* ---- loss ---- */

/* Runs of a program that the kernel left out because the same one was busy on that CPU. */
static u64 missed_runs(void)
{
	struct bpf_program *program;
	u64 missed = 0;

	bpf_object__for_each_program(program, programs->obj)
	{
		struct bpf_prog_info info = { 0 };
		u32 size = sizeof(info);

		if (bpf_program__fd(program) >= 0 && !bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

/* A line with the counts of one target. */
static void tell_counts(const char *operation, u32 pidns, const struct target *target)
{
	json_begin();
	json_text("op", operation);
	json_unsigned("pidns", pidns);
	json_unsigned("target_seq", target->seq);
	json_unsigned("lost", target->lost);
	json_end();
}

/* Says what is lost since it was last said: counts from the beginning, per target. */
static void tell_loss(void)
{
	int map = bpf_map__fd(programs->maps.targets);
	u32 key, *previous = NULL;

	if (programs->bss->lost == lost_told)
		return;
	lost_told = programs->bss->lost;
	while (!bpf_map_get_next_key(map, previous, &key)) {
		struct target target;

		if (!bpf_map_lookup_elem(map, &key, &target) && target.lost)
			tell_counts("lost", key, &target);
		previous = &key;
	}
}

static void tell_missed_runs(void)
{
	u64 missed = missed_runs();

	if (missed == misses_told)
		return;
	misses_told = missed;
	json_begin();
	json_text("op", "missed");
	json_unsigned("runs", missed);
	json_end();
}

static int on_record(void *context, void *data, size_t size)
{
	(void)context;
	take_record(data, size);
	return ++records % BATCH ? 0 : -EAGAIN;
}

/* Takes everything that is in the ring now, even while more keeps coming. */
static void drain(void)
{
	u64 batches = bpf_map__max_entries(programs->maps.ring) / sizeof(struct record_header) / BATCH + 1;

	while (batches-- && ring_buffer__consume(ring) == -EAGAIN)
		;
	finish_records();
}

/* ---- commands ---- */

/* Sends the records of the processes that live in the target already; gives their number. */
static u32 take_snapshot(u32 pidns)
{
	u64 arguments[] = { pidns, !reads_arguments };
	LIBBPF_OPTS(bpf_test_run_opts, list, .ctx_in = arguments, .ctx_size_in = sizeof(arguments));

	if (bpf_prog_test_run_opts(bpf_program__fd(programs->progs.list_processes), &list)) {
		fprintf(stderr, "cannot list processes: %s\n", strerror(errno));
		return 0;
	}
	for (u32 i = 0; reads_arguments && i < list.retval; i++) {
		struct {
			u32 pidns, pid;
		} request = { .pidns = pidns };
		LIBBPF_OPTS(bpf_test_run_opts, alive, .ctx_in = &request, .ctx_size_in = sizeof(request));

		if (bpf_map_lookup_elem(bpf_map__fd(programs->maps.snapshot_pids), &i, &request.pid))
			break;
		if (bpf_prog_test_run_opts(bpf_program__fd(programs->progs.report_alive), &alive))
			fprintf(stderr, "cannot describe process %u: %s\n", request.pid, strerror(errno));
		ring_buffer__consume(ring);
	}
	drain();
	return list.retval;
}

/* pidns is 0 when the command names none. */
static void refuse(const char *command, u32 pidns, const char *reason)
{
	json_begin();
	json_text("op", "refused");
	json_text("command", command);
	if (pidns)
		json_unsigned("pidns", pidns);
	json_text("reason", reason);
	json_end();
}

static void add_target(u32 pidns, const char *tag)
{
	struct target target = { 0 };

	if (bpf_map_update_elem(bpf_map__fd(programs->maps.targets), &pidns, &target, BPF_NOEXIST)) {
		refuse("add", pidns, strerror(errno));
		return;
	}
	u32 processes = take_snapshot(pidns);

	json_begin();
	json_text("op", "added");
	json_unsigned("pidns", pidns);
	if (*tag)
		json_text("tag", tag);
	json_unsigned("processes", processes);
	json_end();
}

static void count_target(u32 pidns)
{
	struct target target;

	if (bpf_map_lookup_elem(bpf_map__fd(programs->maps.targets), &pidns, &target)) {
		refuse("count", pidns, strerror(errno));
		return;
	}
	drain();
	tell_missed_runs();
	tell_counts("count", pidns, &target);
}

static void remove_target(u32 pidns)
{
	int map = bpf_map__fd(programs->maps.targets);
	struct target target;

	if (bpf_map_lookup_elem(map, &pidns, &target) || bpf_map_delete_elem(map, &pidns)) {
		refuse("remove", pidns, strerror(errno));
		return;
	}
	drain();
	tell_counts("removed", pidns, &target);
}

static void obey(char *line)
{
	char command[16] = "", tag[128] = "";
	u32 pidns = 0;
	int fields = sscanf(line, "%15s %u %127s", command, &pidns, tag);

	if (fields >= 2 && !strcmp(command, "add"))
		add_target(pidns, tag);
	else if (fields >= 2 && !strcmp(command, "count"))
		count_target(pidns);
	else if (fields >= 2 && !strcmp(command, "remove"))
		remove_target(pidns);
	else if (fields == 1 && !strcmp(command, "stop"))
		stopping = 1;
	else if (fields >= 1)
		refuse(line, 0, "expected: add PIDNS [TAG], count PIDNS, remove PIDNS, or stop");
}

/* Reads what is there; obeys each whole line. */
static void read_commands(void)
{
	static char text[4096];
	static size_t length;
	ssize_t n = read(STDIN_FILENO, text + length, sizeof(text) - 1 - length);

	if (n <= 0) {
		stopping = 1;
		return;
	}
	length += n;
	for (char *end; (end = memchr(text, '\n', length));) {
		*end = 0;
		obey(text);
		length -= end + 1 - text;
		memmove(text, end + 1, length);
	}
	if (length == sizeof(text) - 1)
		length = 0; /* no command is that long */
}

/* ---- life ---- */

static int fail(const char *what)
{
	fprintf(stderr, "sensor: %s: %s\n", what, strerror(errno));
	return 1;
}

static u32 power_of_two(u64 at_least)
{
	u32 size = 4096;

	while (size < at_least && size < 1u << 30)
		size *= 2;
	return size;
}

static int load_programs(u64 ring_bytes)
{
	programs = sensor_bpf__open();
	if (!programs)
		return fail("open");
	bpf_map__set_max_entries(programs->maps.ring, power_of_two(ring_bytes));
	bpf_map__set_max_entries(programs->maps.scratches,
				 bpf_map__max_entries(programs->maps.scratches) * libbpf_num_possible_cpus());
	bpf_program__set_autoattach(programs->progs.list_processes, false);
	bpf_program__set_autoattach(programs->progs.report_alive, false);
	struct btf *kernel = btf__load_vmlinux_btf();

	follows_io_uring = btf__find_by_name_kind(kernel, "btf_trace_io_uring_submit_req", BTF_KIND_TYPEDEF) > 0;
	reads_arguments = btf__find_by_name_kind(kernel, "bpf_task_from_pid", BTF_KIND_FUNC) > 0;
	bpf_program__set_autoload(programs->progs.on_io_uring, follows_io_uring);
	bpf_program__set_autoload(programs->progs.report_alive, reads_arguments);
	btf__free(kernel);
	if (sensor_bpf__load(programs))
		return fail("load (needs Linux 5.17 with BTF, and CAP_SYS_ADMIN in the first user namespace)");
	if (load_syscalls(bpf_map__fd(programs->maps.shapes)) || load_filters(bpf_map__fd(programs->maps.filters)))
		return fail("tables");
	if (sensor_bpf__attach(programs))
		return fail("attach");
	ring = ring_buffer__new(bpf_map__fd(programs->maps.ring), on_record, NULL, NULL);
	return ring ? 0 : fail("ring buffer");
}

static void watch(void)
{
	int poll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event input = { .events = EPOLLIN, .data.fd = STDIN_FILENO };
	struct epoll_event data = { .events = EPOLLIN, .data.fd = ring_buffer__epoll_fd(ring) };

	epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &input);
	epoll_ctl(poll, EPOLL_CTL_ADD, data.data.fd, &data);
	while (!stopping) {
		struct epoll_event events[2];
		int n = epoll_wait(poll, events, 2, IDLE_MS);

		ring_buffer__consume(ring);
		for (int i = 0; i < n; i++)
			if (events[i].data.fd == STDIN_FILENO)
				read_commands();
		tell_loss();
		if (n == 0) {
			finish_records();
			tell_missed_runs();
		}
		json_flush();
	}
}

int main(int count, char **words)
{
	u64 started = now(CLOCK_MONOTONIC), ring_kib = 64 << 10;

	for (int i = 1; i < count; i++) {
		if (!strcmp(words[i], "--ring-kib") && i + 1 < count) {
			ring_kib = strtoull(words[++i], NULL, 10);
			continue;
		}
		fprintf(stderr, "usage: sensor [--ring-kib N]\n");
		return 2;
	}
	u64 boot_time = now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME);

	set_clock_offset(boot_time);
	libbpf_set_print(print_library);
	if (load_programs(ring_kib << 10))
		return 1;
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	json_begin();
	json_text("op", "ready");
	json_time("boot_time", boot_time);
	json_unsigned("startup_ms", (now(CLOCK_MONOTONIC) - started) / 1000000);
	if (follows_io_uring)
		json_true("io_uring");
	json_end();
	json_flush();
	watch();
	sensor_bpf__detach(programs);
	drain();
	tell_loss();
	tell_missed_runs();
	json_begin();
	json_text("op", "end");
	json_unsigned("records", records);
	json_unsigned("seq", programs->bss->sequence);
	json_unsigned("lost", programs->bss->lost);
	json_end();
	json_flush();
	ring_buffer__free(ring);
	sensor_bpf__destroy(programs);
	return 0;
}
