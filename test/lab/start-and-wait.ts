// A harness to be killed: starts one target, says its id, and waits for the end.

import { bootDebian12 } from './fixture.ts';

const target = await bootDebian12({ run: 'test-to-be-killed' });
process.stdout.write(`${target.id}\n`);
setInterval(() => {}, 60_000);
