// Reads audit rules (audit.rules(7)): watches and system call rules; settings of the daemon are not ours to make.

import type { AuditRule, RuleField } from './audit-rule.ts';
import type { Problem } from './errors.ts';
import type { Place } from './place.ts';

export interface AuditRuleFile {
  readonly rules: readonly AuditRule[];
  readonly problems: readonly Problem[];
}

/** Reads the whole file; a line that cannot be read is a problem and does not hide the others. */
export function parseAuditRules(file: string, text: string): AuditRuleFile {
  const rules: AuditRule[] = [];
  const problems: Problem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const place = { file, line: index + 1, column: raw.indexOf(line) + 1 };
    const words = line.split(/\s+/);
    if (isSetting(words[0] ?? '')) continue;
    const rule = parseRule(words, place);
    if (typeof rule !== 'string') rules.push(rule);
    else
      problems.push({
        code: 'audit/rule',
        message: rule,
        place,
        sourceLine: raw,
        severity: 'error',
        hint: 'See audit.rules(7): `-w PATH -p wa -k KEY` or `-a always,exit -F FIELD=VALUE -S CALL -k KEY`.',
      });
  }
  return { rules, problems };
}

/** Buffers, failure mode, locking, deleting: the fleet's own business. */
const isSetting = (option: string): boolean =>
  /^(?:-[DbefrciR]|--(?:backlog_wait_time|loginuid-immutable|reset-\w+|signal))$/.test(option);

/** Reads a rule that stands alone: gives what is wrong with the line where it is none. */
export function readAuditRule(line: string, place: Place): AuditRule | string {
  const words = line.trim().split(/\s+/);
  return isSetting(words[0] ?? '') ? `expected a rule, got the setting ${words[0]}` : parseRule(words, place);
}

/** The rule, or what is wrong with the line. */
function parseRule(words: readonly string[], place: Place): AuditRule | string {
  const options: [option: string, value: string][] = [];
  for (let index = 0; index < words.length; index += 2) {
    const option = words[index] ?? '';
    const value = words[index + 1];
    if (!/^-[wpkaAFSC]$/.test(option)) return `expected an option of auditctl, got ${option}`;
    if (value === undefined) return `${option} needs a value`;
    options.push([option, value]);
  }
  const all = (option: string): string[] =>
    options.filter(([name]) => name === option).map(([, value]) => value);
  const keys = all('-k');
  const [watch] = all('-w');
  if (watch !== undefined) {
    const [permissions = 'rwxa'] = all('-p');
    if (!watch.startsWith('/')) return `expected an absolute path after -w, got ${watch}`;
    if (!/^[rwxa]+$/.test(permissions)) return `expected letters of rwxa after -p, got ${permissions}`;
    return { kind: 'watch', path: watch.replace(/(?<=.)\/+$/, ''), permissions, keys, place };
  }
  const [filter] = [...all('-a'), ...all('-A')];
  if (filter === undefined) return 'expected -w or -a';
  const parts = filter.split(',');
  const action = parts.find((part) => part === 'always' || part === 'never');
  const list = parts.find((part) => part !== action);
  if (action === undefined || list === undefined || parts.length !== 2)
    return `expected a list and an action such as always,exit after -a, got ${filter}`;
  const fields: RuleField[] = [];
  for (const text of all('-F')) {
    const [, name, operator, value] = /^(\w+)(!=|<=|>=|&=|=|<|>|&)(.+)$/.exec(text) ?? [];
    if (name === undefined || operator === undefined || value === undefined)
      return `expected FIELD=VALUE after -F, got ${text}`;
    // `-F key=` is another way to write -k.
    if (name === 'key') keys.push(value);
    else fields.push({ name, operator, value });
  }
  const calls = all('-S').flatMap((value) => value.split(','));
  return { kind: 'call', list, action, fields, calls, comparisons: all('-C'), keys, place };
}
