// Stands in for dockerd where the test must not touch the machine's own: refuses a pid file as dockerd does, takes a
// moment to come up, answers a ping.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const pidFile = '/var/run/docker.pid';
const socket = '/var/run/docker.sock';

// A process is known as a daemon by its name.
process.title = 'dockerd';

if (process.env.STUB_FAILS) {
  process.stderr.write("failed to start daemon: Devices cgroup isn't mounted\n");
  process.exit(1);
}
if (existsSync(pidFile) && existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`)) {
  process.stderr.write('pid file found, ensure docker is not running or delete /var/run/docker.pid\n');
  process.exit(1);
}
rmSync(socket, { force: true });
writeFileSync(pidFile, String(process.pid));
setTimeout(() => {
  createServer((_, response) => setTimeout(() => response.end('OK'), 100)).listen(socket);
}, 200);
