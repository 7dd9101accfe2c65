"""Runs a command in a terminal of its own and acts in it: waits for what it shows, then types.

usage: in-terminal.py COLUMNS ACTIONS COMMAND…
ACTIONS: JSON, a list of [regular expression to wait for, text to type]; the text "SIGTERM" is sent as that signal.
Prints JSON: the exit code, all that was shown, and whether the terminal's settings were as before in the end.
"""
import fcntl, json, os, pty, re, select, signal, struct, subprocess, sys, termios

columns, actions, command = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
before = termios.tcgetattr(slave)


def own_terminal():
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_terminal)
shown, looked = "", 0
while True:
    # Asked first: what it shows last may come between a look at the terminal and its end.
    has_ended = child.poll() is not None
    ready, _, _ = select.select([master], [], [], 0 if has_ended else 0.2)
    if ready:
        shown += os.read(master, 65536).decode("utf-8", "replace")
    elif has_ended:
        break
    while actions:
        found = re.compile(actions[0][0]).search(shown, looked)
        if not found:
            break
        looked = found.end()
        text = actions.pop(0)[1]
        if text == "SIGTERM":
            os.kill(child.pid, signal.SIGTERM)
        else:
            os.write(master, text.encode())
print(json.dumps({
    "exitCode": child.returncode,
    "shown": shown,
    "left": [wanted for wanted, _ in actions],
    "isRestored": termios.tcgetattr(slave) == before,
}))
