// The shell script with which inventories were taken before the agent looked by itself: the target's own find, tar and stat
// as independent truth.
//
// Its output is base64 of gzip of: sections `NAME LENGTH\n` with that many bytes and a line break, then a line
// `files` and tar archives up to the end. Names and contents may hold any byte; nothing is quoted or escaped.

import { cron, tableFolders } from '../../harness/schedulers/cron.ts';
import { daemonUnits, look, programsToFind, unitFolders } from '../../harness/schedulers/look.ts';
import { bootedFolder } from '../../harness/schedulers/systemd.ts';

/** What /proc calls the processes of cron's daemons. */
const cronProcesses = [
  ...new Set(cron.daemons.map(({ program, applet }) => applet ?? program.replace(/.*\//, ''))),
].join(' | ');

// Before a brace of the shell's own, which the template would take for its.
const dollar = '$';

const programs = programsToFind.flatMap(({ program, applet }) => (applet ? [] : [program])).join(' ');

/** A program of many names counts where it knows the one in question. */
const appletQuestions = programsToFind
  .flatMap(({ program, applet }) =>
    applet
      ? [
          `  if [ -x ${program} ] && ${program} --list 2>/dev/null | grep -qx ${applet}; then programs="$programs${program}\n"; fi`,
        ]
      : [],
  )
  .join('\n');

/** As words of the shell: `~` is $home there, the manager's own `*` is $uid. */
const inHome = (path: string): string => `"$home/${path}"`;
const shellWord = (folder: string): string =>
  folder.startsWith('~/') ? inHome(folder.slice(2)) : folder.replace('/*/', '/$uid/');
const homes = look.homes.map(inHome).join(' ');
const systemFolders = unitFolders.system.join(' ');
const userFolders = unitFolders.user.map(shellWord).join(' ');
const shipped = (root: string): string => look.shipped.filter((path) => path.startsWith(root)).join(' ');

/** Run it with `sh -c`, LC_ALL=C (lengths are in bytes) and TZ=UTC. */
export const inventoryScript = String.raw`
section() { printf '%s %d\n%s\n' "$1" "${dollar}{#2}" "$2"; }
problem() { problems="$problems$1
"; }
problems=

# A manager's timers and what they activate. $1 is --system or --user, the rest are unit names found on disk.
manager='
scope=$1; shift
timer=Id,Unit,TimersMonotonic,TimersCalendar,OnClockChange,OnTimezoneChange,LoadState,LoadError,ActiveState,SubState,UnitFileState
timer=$timer,FragmentPath,DropInPaths,Transient,NextElapseUSecRealtime,NextElapseUSecMonotonic,LastTriggerUSec
timer=$timer,LastTriggerUSecMonotonic,AccuracyUSec,Persistent,RemainAfterElapse
service=Id,LoadState,LoadError,ActiveState,SubState,ExecCondition,ExecStartPre,ExecStart,ExecStartPost,User,FragmentPath,DropInPaths,Transient,UnitFileState
service=$service,Wants,Requires,BindsTo,Upholds,OnSuccess,OnFailure,EnvironmentFiles
exact=--timestamp=us+utc
timers=$(systemctl $scope show --no-pager $exact -p "$timer" -- "*.timer" "$@" 2>/dev/null) || {
  exact=
  timers=$(systemctl $scope show --no-pager -p "$timer" -- "*.timer" "$@" 2>&1) || { echo "$timers"; exit 1; }
}
activated=
IFS="
"
for line in $timers; do
  case $line in Unit=?*) activated="$activated
${dollar}{line#Unit=}" ;; esac
done
printf "%s\n\n--\n" "$timers"
exec systemctl $scope show --no-pager $exact -p "$service" -- \
  ${daemonUnits.join(' ')} $activated 2>/dev/null
'

# Names of the timers below these folders, templates left out: systemctl takes units, not files. What packages ship
# and nothing has loaded or enabled is not asked for: reading five such units takes the manager longer than all the rest.
timer_names() {
  for folder in "$@"; do
    for file in "$folder"/*.timer; do
      name=${dollar}{file##*/}
      case $name in *[!a-zA-Z0-9:_.@-]* | *@.timer | -*) continue ;; esac
      if [ -e "$file" ] || [ -L "$file" ]; then echo "$name"; fi
    done
  done
}

# The start of a file of the tz database, in base64; nothing where there is none.
zone_file() { if [ -f "$1" ]; then head -c 65536 "$1" | base64 | tr -d '\n'; fi; }

# Cron's running daemons: PID PARENT TICKS-SINCE-BOOT NAME, a line with its own TZ (after = where it has one), and a
# line with the file of that zone.
cron_daemons() {
  for process in /proc/[0-9]*; do
    { read -r name <"$process/comm"; } 2>/dev/null || continue
    case $name in ${cronProcesses}) ;; *) continue ;; esac
    { read -r stat <"$process/stat"; } 2>/dev/null || continue
    # Behind the name, which may hold anything.
    # shellcheck disable=SC2086
    set -- ${dollar}{stat##*) }
    zone=$(tr '\000' '\n' <"$process/environ" 2>/dev/null | sed -n '/^TZ=/{s/^TZ//;p;q;}')
    echo "${dollar}{process#/proc/} $2 ${dollar}{20} $name"
    echo "$zone"
    path=${dollar}{zone#=}
    path=${dollar}{path#:}
    case $path in '') echo ;; /*) echo "$(zone_file "$path")" ;; *) echo "$(zone_file "/usr/share/zoneinfo/$path")" ;; esac
  done
}

look() {
  for tool in find tar stat sha256sum; do
    command -v "$tool" >/dev/null || problem "the target has no $tool: files are missing from this inventory"
  done
  section now "$(date +%s.%N)"
  section uptime "$(cat /proc/uptime)"
  # What /etc/localtime says now, for whoever reads it now: its offset, and the file itself.
  section zone "$(env -u TZ date +%z)"
  section localtime "$(readlink /etc/localtime || echo -)
$(stat -c %Z /etc/localtime 2>/dev/null)
$(zone_file /etc/localtime)"
  section cron-daemons "$(cron_daemons)"
  folders=
  for folder in ${tableFolders.join(' ')}; do
    if [ -d "$folder" ]; then folders="$folders$(stat -Lc %Y "$folder") $folder
"; fi
  done
  section table-folders "$folders"
  passwd=$(cat /etc/passwd)
  section passwd "$passwd"
  section group "$(cat /etc/group)"

  programs=
  for program in ${programs}; do
    if [ -L "$program" ]; then programs="$programs$program $(readlink -f "$program")
"; elif [ -x "$program" ]; then programs="$programs$program
"; fi
  done
${appletQuestions}
  section programs "$programs"
  if [ -e /etc/debian_version ]; then section debian "$(cat /etc/debian_version)"; fi

  if [ -d ${bootedFolder} ] && command -v systemctl >/dev/null; then
    # shellcheck disable=SC2046 # unit names hold no blanks
    if units=$(sh -c "$manager" manager --system $(timer_names ${systemFolders})); then
      section system-units "$units"
    else
      problem "systemctl show: $units"
    fi
  fi

  set --
  while IFS=: read -r name _ uid gid _ home _; do
    case $home in '' | / | /nonexistent) continue ;; esac
    for folder in ${homes}; do
      if [ -d "$folder" ]; then set -- "$@" "$folder"; fi
    done
    [ -S "/run/user/$uid/systemd/private" ] || continue
    as="setpriv --reuid $uid --regid $gid --clear-groups"
    command -v setpriv >/dev/null || as="chroot --userspec=$uid:$gid /"
    # shellcheck disable=SC2046,SC2086
    if units=$($as env "XDG_RUNTIME_DIR=/run/user/$uid" sh -c "$manager" manager --user $(timer_names ${userFolders})); then
      section "user-units/$name" "$units"
    else
      problem "systemctl --user show as $name: $units"
    fi
  done <<EOF
$passwd
EOF

  # Folders that schedulers read and that lie below others of the list, or in home directories: where one of them is a
  # link, find does not go there by itself.
  linked=
  link_folder() {
    if [ -L "$1" ] && [ -d "$1" ]; then linked="$linked$1
"; fi
  }
  for folder in "$@" ${look.nested.join(' ')}; do link_folder "$folder"; done
  for place in ${look.places.join(' ')}; do
    if [ -e "$place" ] || [ -L "$place" ]; then
      set -- "$@" "$place"
      link_folder "$place"
    fi
  done
  shipped="${shipped('/usr/')}"
  if [ ! -L /lib ]; then shipped="$shipped ${shipped('/lib/')}"; fi

  blanks=$IFS
  # The outer find would take braces that stand together for its own.
  follow="exec find -L \"\$@\" -maxdepth 0 -type f ! -size +128 -exec tar -chf - '{''}' +"
  # From here on no name patterns of the shell, find gets its own.
  set -f
  # Of what packages ship: the timers, and whatever changed after this machine was made.
  made=/run/systemd/private
  [ -e /.dockerenv ] && made=/.dockerenv
  newer="-o -cnewer $made"
  find / -prune -cnewer "$made" >/dev/null 2>&1 || newer=
  foreign="! -lname /dev/null ! -lname /lib/* ! -lname /usr/lib/* ! -lname ../*"
  find / -prune -lname x >/dev/null 2>&1 || foreign=

  # The same of drop-ins and of what enables units.
  folders=$(find "$@" -type l \( -name '*.d' -o -name '*.wants' -o -name '*.requires' \) 2>/dev/null)
  IFS="
"
  for folder in $folders; do link_folder "$folder"; done
  # shellcheck disable=SC2086 # one folder a line; what lies deeper than schedulers look is not theirs
  behind_links() { [ -z "$linked" ] || find -H $linked -mindepth 1 -maxdepth 2 -xdev "$@"; }

  # Files too large to be taken whole, and those that have several names (cron refuses them).
  large='stat -c "%a %u %g %s %Y %n" "$@"; sha256sum "$@"'
  section odd "$({
    find "$@" -type f -links +1
    behind_links -type f -links +1
    find "$@" -type f -size +128 -exec sh -c "$large" large {} +
    behind_links -type f -size +128 -exec sh -c "$large" large {} +
  } 2>/dev/null)"
  section problems "$problems"
  echo files
  {
    find "$@" ! -type d ! -type s \( ! -type f -o ! -size +128 \) -exec tar -cf - {} +
    behind_links ! -type d ! -type s \( ! -type f -o ! -size +128 \) -exec tar -cf - {} +
    IFS=$blanks
    # shellcheck disable=SC2086
    find $shipped ! -type d ! -type s \( -name '*.timer' $newer \) \( ! -type f -o ! -size +128 \) -exec tar -cf - {} +
    # Once more, followed to their ends: links to anything but what packages ship.
    # shellcheck disable=SC2086
    find "$@" -type l $foreign -exec sh -c "$follow" follow {} +
    IFS="
"
    behind_links -type l -exec sh -c "$follow" follow {} +
  } 2>/dev/null
}

look | gzip -1 -c | base64 | tr -d '\n'
`;
