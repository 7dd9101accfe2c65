// Services that are forked and have not become what they are to be.

/**
 * A function of the shell's, `has_unnamed`: whether the service manager has a child that is still called as the manager is,
 * or by the name that it gives it until it executes its program. A simple service counts as started as soon as it is
 * forked: who asks for its program by name must find it. A user's manager is another such child, with words of its own.
 * @param proc where processes are told: /proc
 * @source systemd, src/core/execute.c, exec_spawn and rename_process; proc(5), /proc/pid/stat
 */
export const hasUnnamed = (proc: string): string => String.raw`
    has_unnamed() {
      grep -qsE '^[0-9]+ \(\(.*\)\) [^ ]+ 1 ' ${proc}/[0-9]*/stat && return
      read -r manager < ${proc}/1/comm
      for stat in $(grep -lsE "^[0-9]+ \\($manager\\) [^ ]+ 1 " ${proc}/[0-9]*/stat); do
        [ "$(tr '\0' ' ' < "$(dirname "$stat")/cmdline")" != "$(tr '\0' ' ' < ${proc}/1/cmdline)" ] || return 0
      done 2> /dev/null
      return 1
    }`;
