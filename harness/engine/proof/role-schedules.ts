// What each role is known to have scheduled, and what was there before it: knowledge that comes from inventories.

import type { Schedule } from '../../model/inventory.ts';
import { isMadeOfEntry } from '../../schedulers/cron.ts';
import type { ScheduleNews } from '../../schedulers/inventory-diff.ts';
import type { Role } from './payload.ts';
import { type Launchable, launchesAlike } from './scheduler.ts';

export class RoleSchedules {
  readonly #news = new Map<Role, ScheduleNews>();

  /**
   * Takes in what a role scheduled; later news of it replace what was known.
   * @returns whether anything is known now that was not
   */
  add(role: Role, news: ScheduleNews): boolean {
    const known = this.#news.get(role);
    this.#news.set(role, news);
    return known === undefined || JSON.stringify(known) !== JSON.stringify(news);
  }

  /** Whose schedule a launch is of; nobody's when an old one that is kept does the same: these can't be told apart. */
  whoScheduled(launched: Launchable): Role | undefined {
    const isOf = (schedules: readonly Schedule[]) => schedules.some((one) => launchesAlike(one, launched));
    for (const [role, { added, kept }] of this.#news) {
      if (isOf(added)) return isOf(kept) ? undefined : role;
    }
    return undefined;
  }

  /**
   * Whether no schedule that is known would launch this: none from before the role, as it was then, and nobody's new
   * one. False where nothing is known of the role's schedules yet.
   */
  isUnknown(role: Role, launched: Launchable): boolean {
    const news = this.#news.get(role);
    if (!news) return false;
    const added = [...this.#news.values()].flatMap((one) => one.added);
    return ![...news.kept, ...news.gone, ...added].some((schedule) => launchesAlike(schedule, launched));
  }

  /** Files that what timers activate is given its environment from. */
  readBy(service: string): string[] {
    const known = [...this.#news.values()].flatMap(({ added, kept }) => [...added, ...kept]);
    return known.flatMap(({ unit }) => (unit?.activates === service ? (unit.reads ?? []) : []));
  }

  /** Whose new entry is written in a file, or is one. */
  ownerOfFile(path: string): Role | undefined {
    for (const [role, { added }] of this.#news) if (added.some(({ file }) => file === path)) return role;
    return undefined;
  }

  /**
   * Whose new timer a unit is, or is activated by; of the units that are made of tables, whose new entry. Nobody's where an
   * old entry that is kept has units of such a name.
   */
  ownerOfUnit(unit: string): Role | undefined {
    const isMadeOf = (schedules: readonly Schedule[]) => schedules.some((one) => isMadeOfEntry(one, unit));
    for (const [role, { added, kept }] of this.#news) {
      if (added.some((one) => one.unit?.timer === unit || one.unit?.activates === unit)) return role;
      if (isMadeOf(added) && !isMadeOf(kept)) return role;
    }
    return undefined;
  }
}
