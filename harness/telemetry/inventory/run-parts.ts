// Scripts in the folders that cron hands to run-parts, and whether run-parts would take them.

import type { Schedule } from '../../model/inventory.ts';
import { anacronProgram, stepsBack } from '../../schedulers/anacron.ts';
import { flavourOf, runPartsScript, takesName } from '../../schedulers/run-parts.ts';
import { cronDaemon, isDebian } from './cron.ts';
import type { Dump, DumpedFile } from './dump.ts';

/**
 * One schedule for each script; when and as whom come from the table entries that call run-parts on its folder.
 * @param tables the schedules of cron's tables and of anacron's
 */
export function runPartsSchedules(dump: Dump, tables: readonly Schedule[]): Schedule[] {
  return dump.files.flatMap((file): Schedule[] => {
    const script = runPartsScript(file.path);
    if (!script) return [];
    const { folder: where, name } = script;
    const callers = tables.filter(({ command }) =>
      new RegExp(`run-parts\\b.*\\s${where.replace('.', '\\.')}/?(?:\\s|;|$)`).test(command),
    );
    const caller = effectiveCaller(
      dump,
      callers.filter(({ inert }) => !inert),
    );
    const inert = whySkipped(dump, file, name) ?? (caller ? undefined : whyUncalled(where, callers));
    return [
      {
        kind: 'run-parts',
        id: `run-parts:${file.path}`,
        user: caller?.user ?? null,
        when: caller ? caller.when : '',
        command: file.path,
        file: file.path,
        ...(caller?.nextRun ? { nextRun: caller.nextRun } : {}),
        ...(inert ? { inert } : {}),
      },
    ];
  });
}

function whyUncalled(where: string, callers: readonly Schedule[]): string {
  const dead = callers.find(({ inert }) => inert);
  return dead
    ? `what calls run-parts on ${where} does not run: ${dead.inert}`
    : `no table calls run-parts on ${where}`;
}

/** Debian's cron leaves to anacron what both would call, where it is installed. */
function effectiveCaller(dump: Dump, callers: readonly Schedule[]): Schedule | undefined {
  const anacron = dump.programs.has(anacronProgram);
  const active = callers.filter(({ kind, command }) =>
    kind === 'anacron' ? anacron : !(anacron && stepsBack(command)),
  );
  return active[0];
}

function whySkipped(dump: Dump, file: DumpedFile, name: string): string | undefined {
  if (file.type !== 'file' && file.type !== 'hardlink' && file.type !== 'symlink')
    return 'not a regular file, run-parts skips it';
  if (file.type === 'symlink' && file.content === null && file.sha256 === '')
    return 'a link to nothing, run-parts skips it';
  const flavour = flavourOf(cronDaemon(dump), isDebian(dump));
  if (!takesName(name, flavour)) return `its name ${name} is none that run-parts takes: it skips it`;
  if ((file.permissions & 0o111) === 0) return `not executable, run-parts skips it (mode ${file.mode})`;
  return undefined;
}
