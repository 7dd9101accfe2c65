// The file records that never leave the kernel: the whole list, and the only one.
// It names what the service manager and the journal churn through for their own bookkeeping. Places from which
// something can be scheduled, started or hidden are never on it. The longest prefix decides, and a directory is
// below itself; `~` stands for the runtime folder of a user, /run/user/UID. Processes are never filtered. A rename
// or a link is dropped only when both of its names are.
#include "filter.h"

#include <bpf/bpf.h>
#include <string.h>

#include "record.h"

static const struct {
	const char *prefix;
	enum filter_verdict verdict;
} filters[] = {
	/* control groups: one directory per unit started */
	{ "/sys/fs/cgroup/", FILTER_DROP },
	/* per-process knobs (oom_score_adj, loginuid, uid_map); the kernel's own settings stay visible */
	{ "/proc/", FILTER_DROP },
	{ "/proc/sys/", FILTER_KEEP },

	/* what the service managers and logind remember of units, sessions and users */
	{ "/run/systemd/ask-password/", FILTER_DROP },
	{ "/run/systemd/ask-password-block/", FILTER_DROP },
	{ "/run/systemd/incoming/", FILTER_DROP },
	{ "/run/systemd/inhibit/", FILTER_DROP },
	{ "/run/systemd/journal/", FILTER_DROP },
	{ "/run/systemd/machines/", FILTER_DROP },
	{ "/run/systemd/netif/", FILTER_DROP },
	{ "/run/systemd/propagate/", FILTER_DROP },
	{ "/run/systemd/seats/", FILTER_DROP },
	{ "/run/systemd/sessions/", FILTER_DROP },
	{ "/run/systemd/shutdown/", FILTER_DROP },
	{ "/run/systemd/unit-root/", FILTER_DROP },
	{ "/run/systemd/units/", FILTER_DROP },
	{ "/run/systemd/users/", FILTER_DROP },
	{ "/run/user/", FILTER_USER_RUNTIME },
	{ "~/systemd/inaccessible/", FILTER_DROP },
	{ "~/systemd/propagate/", FILTER_DROP },
	{ "~/systemd/units/", FILTER_DROP },

	/* the journal's files, while journald itself writes them */
	{ "/run/log/journal/", FILTER_DROP_JOURNALD },
	{ "/var/log/journal/", FILTER_DROP_JOURNALD },
};

int load_filters(int map)
{
	for (unsigned i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct filter_key key = { 0 };
		unsigned verdict = filters[i].verdict;

		key.bits = strlen(filters[i].prefix) * 8;
		memcpy(key.path, filters[i].prefix, strlen(filters[i].prefix));
		if (bpf_map_update_elem(map, &key, &verdict, 0))
			return -1;
	}
	return 0;
}
