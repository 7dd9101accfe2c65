// Every function of the reference: what it gives on literals, on fields and on null.

import { describe, expect, it } from 'vitest';
import { functions } from '../../../../harness/rules/eql/functions/index.ts';
import { holdsOn } from './run.ts';

const event = {
  process: { name: 'CronTab.sh', args_count: 4, parent: { args_count: 3 }, pid: '815' },
  file: { path: '/var/spool/cron/crontabs/tmp.Ab1', extension: '.sh' },
  url: { domain: 'a.bcd.ef' },
  source: { address: '10.20.30.40' },
};

/** Conditions that hold on the event, by function. */
const holds: Readonly<Record<string, readonly string[]>> = {
  add: [
    'add(2, 5) == 7',
    'add(2, 0.25) == 2.25',
    'add(process.args_count, process.parent.args_count) == 7',
    'add(null, 4) == null',
  ],
  between: [
    'between(file.path, "cron/", ".") == "crontabs/tmp"',
    'between(file.path, "CRON/", ".") == ""',
    'between~(file.path, "CRON/", ".AB") == "crontabs/tmp"',
    'between(file.path, "/", "/") == "var"',
    'between(file.path, "/", "/", true) == "var/spool/cron/crontabs"',
    'between("x", "", "y") == "x"',
    'between("", "x", "y") == ""',
    'between(null, "x", "y") == null',
  ],
  cidrMatch: [
    'cidrMatch(source.address, "10.16.0.0/12")',
    'cidrMatch(source.address, "172.16.0.0/12", "10.20.30.0/24")',
    'not cidrMatch(source.address, "172.16.0.0/12")',
    'cidrMatch("fd12::1", "FC00::/7")',
    'string(cidrMatch(source.address, "10.0.0.0/8")) == "true"',
    'not cidrMatch(missing, "10.0.0.0/8")',
  ],
  concat: [
    'concat("at", "-", 7) == "at-7"',
    'concat("at", 1.5, false) == "at1.5false"',
    'concat("at", 3.0) == "at3.0"',
    'concat(process.name, process.args_count) == "CronTab.sh4"',
    'concat(process.name) == "CronTab.sh"',
    'concat(process.name, null) == null',
  ],
  divide: [
    'divide(9, 4) == 2',
    'divide(9, 4.0) == 2.25',
    'divide(-9, 4) == -2',
    'divide(20, process.args_count) == 5',
    'divide(9, null) == null',
  ],
  endsWith: [
    'endsWith(process.name, ".sh")',
    'not endsWith(process.name, ".SH")',
    'endsWith~(process.name, ".SH")',
    'endsWith("run.sh", file.extension)',
    'endsWith("", "")',
  ],
  indexOf: [
    'indexOf(url.domain, ".") == 1',
    'indexOf(url.domain, ".", 1) == 1',
    'indexOf(url.domain, ".", 2) == 5',
    'indexOf(url.domain, ".", -3) == 1',
    'indexOf(url.domain, "") == 0',
    'indexOf(url.domain, "B") == null',
    'indexOf~(url.domain, "B") == 2',
    'indexOf(url.domain, ".", 50) == null',
    'indexOf(null, ".") == null',
  ],
  length: ['length("atjobs") == 6', 'length("") == 0', 'length(process.name) == 10', 'length(null) == null'],
  modulo: [
    'modulo(17, 5) == 2',
    'modulo(17, -5) == 2',
    'modulo(-17, -5) == -2',
    'modulo(10, process.args_count) == 2',
  ],
  multiply: [
    'multiply(1.5, 4) == 6',
    'multiply(-3, -5) == 15',
    'multiply(process.args_count, process.parent.args_count) == 12',
  ],
  number: [
    'number("815") == 815',
    'number("8.15") == 8.15',
    'number("cafe", 16) == 51966',
    'number("0xcafe") == 51966',
    'number("0xcafe", null) == 51966',
    'number("-815") == -815',
    'number("+815") == 815',
    'number(" 815 ") == 815',
    'number(process.pid) == 815',
    'number("cron") == null',
    'number("0755", 8) == 493',
    'number("0855", 8) == null',
    'number(null, 16) == null',
  ],
  startsWith: [
    'startsWith(process.name, "Cron")',
    'not startsWith(process.name, "cron")',
    'startsWith~(process.name, "cron")',
    'startsWith("CronTab.sh.bak", process.name)',
    'startsWith("", "")',
  ],
  string: [
    'string(7) == "7"',
    'string(7.25) == "7.25"',
    'string(25000000.0) == "2.5E7"',
    'string(0.0005) == "5.0E-4"',
    'string(false) == "false"',
    'string(process.args_count) == "4"',
    'string(null) == null',
  ],
  stringContains: [
    'stringContains(process.name, "Tab")',
    'not stringContains(process.name, "tab")',
    'stringContains~(process.name, "tab")',
    'not stringContains(process.name, "")',
    'not stringContains("", "")',
    'stringContains("a CronTab.sh b", process.name)',
  ],
  substring: [
    'substring("run cron.sh", 4) == "cron.sh"',
    'substring("run cron.sh", 0, 3) == "run"',
    'substring("run cron.sh", -3) == ".sh"',
    'substring("run cron.sh", -3, -1) == ".s"',
    'substring("cron", 3, 2) == ""',
    'substring("cron", 9) == ""',
    'substring(process.name, 0, 4) : "cron"',
  ],
  subtract: [
    'subtract(9, 4) == 5',
    'subtract(9.5, 0.25) == 9.25',
    'subtract(15, process.args_count) == 11',
    'subtract(9, null) == null',
  ],
  wildcard: [
    'wildcard(process.name, "x*", "Cron*")',
    'not wildcard(process.name, "cron*")',
    'wildcard~(process.name, "cron*.??")',
    'wildcard(substring(process.name, 4), "Tab*")',
  ],
};

describe('functions', () => {
  it.each(
    Object.entries(holds).flatMap(([name, conditions]) => conditions.map((condition) => [name, condition])),
  )('%s: %s', (_, condition) => {
    expect(holdsOn(condition ?? '', event)).toBe(true);
  });

  it('are all tested here', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual(Object.keys(holds).sort());
  });

  it('may be written in any case', () => {
    expect(holdsOn('STARTSWITH(process.name, "Cron") and stringcontains~(process.name, "TAB")', event)).toBe(
      true,
    );
  });
});
