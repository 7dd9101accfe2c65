// `atomclock lab`: a page to teach with; this file says where it is, and waits until it is interrupted.

import { isLoopback } from '../../lab/addresses.ts';
import { LabServer } from '../../lab/server.ts';
import { Session } from '../../lab/session.ts';
import { bearableTargets, labOffer } from '../../main/lab-offer.ts';
import { exitCodes } from '../../model/errors.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { LabOptions } from '../options.ts';
import { withProgress } from '../progress.ts';

export async function labCommand(options: LabOptions, io: Io): Promise<CommandResult> {
  const { offer, bears } = await withProgress(io, { quiet: false }, async (show) => ({
    offer: labOffer(options, show),
    bears: await bearableTargets(options.targets, show),
  }));
  await using session = new Session({ ...options, offer, bears }, io);
  await using server = await LabServer.listen(session, options);
  if (!isLoopback(options.host))
    io.stderr.write(
      `warning: everybody who can reach ${options.host} and has an address below can see this lab, and its trainer's address starts attacks in containers of this machine; nothing is encrypted\n`,
    );
  io.stdout.write(`Trainer: ${server.urlOf('trainer')}\nViewers: ${server.urlOf('viewer')}\n`);
  io.stderr.write('Ctrl-C ends the lab and removes its containers.\n');
  await aborted(io.signal);
  return { exitCode: exitCodes.interrupted };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
