// Every function of the reference: what it gives on literals, on fields and on null.

import { describe, expect, it } from 'vitest';
import { functions } from '../../../../harness/rules/eql/functions/index.ts';
import { holdsOn } from './run.ts';

const event = {
  process: { name: 'RegSvr32.exe', args_count: 4, parent: { args_count: 2 }, pid: '1337' },
  file: { path: 'C:\\Windows\\System32\\cmd.exe', extension: '.exe' },
  url: { domain: 'subdomain.example.com' },
  source: { address: '192.168.152.12' },
};

/** Conditions that hold on the event, by function. */
const holds: Readonly<Record<string, readonly string[]>> = {
  add: [
    'add(4, 5) == 9',
    'add(4, 0.5) == 4.5',
    'add(process.args_count, process.parent.args_count) == 6',
    'add(null, 4) == null',
  ],
  between: [
    'between(file.path, "System32\\\\", ".exe") == "cmd"',
    'between(file.path, "system32\\\\", ".exe") == ""',
    'between~(file.path, "system32\\\\", ".EXE") == "cmd"',
    'between(file.path, "\\\\", "\\\\") == "Windows"',
    'between(file.path, "\\\\", "\\\\", true) == "Windows\\\\System32"',
    'between("a", "", "b") == "a"',
    'between("", "a", "b") == ""',
    'between(null, "a", "b") == null',
  ],
  cidrMatch: [
    'cidrMatch(source.address, "192.168.0.0/16")',
    'cidrMatch(source.address, "10.0.0.0/8", "192.168.152.0/24")',
    'not cidrMatch(source.address, "10.0.0.0/8")',
    'cidrMatch("fe80::1", "FE80::/10")',
    'string(cidrMatch(source.address, "192.168.0.0/16")) == "true"',
    'not cidrMatch(missing, "10.0.0.0/8")',
  ],
  concat: [
    'concat("a", " ", 42) == "a 42"',
    'concat("a", 42.5, true) == "a42.5true"',
    'concat("a", 2.0) == "a2.0"',
    'concat(process.name, process.args_count) == "RegSvr32.exe4"',
    'concat(process.name) == "RegSvr32.exe"',
    'concat(process.name, null) == null',
  ],
  divide: [
    'divide(4, 3) == 1',
    'divide(4, 3.0) > 1.3',
    'divide(-7, 2) == -3',
    'divide(12, process.args_count) == 3',
    'divide(4, null) == null',
  ],
  endsWith: [
    'endsWith(process.name, ".exe")',
    'not endsWith(process.name, ".EXE")',
    'endsWith~(process.name, ".EXE")',
    'endsWith("a.exe", file.extension)',
    'endsWith("", "")',
  ],
  indexOf: [
    'indexOf(url.domain, ".") == 9',
    'indexOf(url.domain, ".", 9) == 9',
    'indexOf(url.domain, ".", 10) == 17',
    'indexOf(url.domain, ".", -6) == 9',
    'indexOf(url.domain, "") == 0',
    'indexOf(url.domain, "D") == null',
    'indexOf~(url.domain, "D") == 3',
    'indexOf(url.domain, ".", 30) == null',
    'indexOf(null, ".") == null',
  ],
  length: [
    'length("explorer.exe") == 12',
    'length("") == 0',
    'length(process.name) == 12',
    'length(null) == null',
  ],
  match: [
    'match(process.name, "Reg.*", "x")',
    'not match(process.name, "Reg")',
    'match~(process.name, "regsvr[0-9]{2}\\\\.exe")',
    'match(substring(process.name, 3), "Svr.*?\\\\.exe")',
  ],
  modulo: [
    'modulo(10, 6) == 4',
    'modulo(10, -6) == 4',
    'modulo(-10, -6) == -4',
    'modulo(106, process.args_count) == 2',
  ],
  multiply: [
    'multiply(0.25, 2) == 0.5',
    'multiply(-2, -2) == 4',
    'multiply(process.args_count, process.parent.args_count) == 8',
  ],
  number: [
    'number("1337") == 1337',
    'number("42.5") == 42.5',
    'number("deadbeef", 16) == 3735928559',
    'number("0xdeadbeef") == 3735928559',
    'number("0xdeadbeef", null) == 3735928559',
    'number("-1337") == -1337',
    'number("+1337") == 1337',
    'number("  1337  ") == 1337',
    'number(process.pid) == 1337',
    'number("nan") == null',
    'number("052403", 8) == 21763',
    'number(null, 16) == null',
  ],
  startsWith: [
    'startsWith(process.name, "Reg")',
    'not startsWith(process.name, "reg")',
    'startsWith~(process.name, "reg")',
    'startsWith("RegSvr32.exe.bak", process.name)',
    'startsWith("", "")',
  ],
  string: [
    'string(42) == "42"',
    'string(42.5) == "42.5"',
    'string(10000000.0) == "1.0E7"',
    'string(true) == "true"',
    'string(process.args_count) == "4"',
    'string(null) == null',
  ],
  stringContains: [
    'stringContains(process.name, "Svr")',
    'not stringContains(process.name, "svr")',
    'stringContains~(process.name, "svr")',
    'not stringContains(process.name, "")',
    'not stringContains("", "")',
    'stringContains("x RegSvr32.exe y", process.name)',
  ],
  substring: [
    'substring("start regsvr32.exe", 6) == "regsvr32.exe"',
    'substring("start regsvr32.exe", 0, 5) == "start"',
    'substring("start regsvr32.exe", -4) == ".exe"',
    'substring("start regsvr32.exe", -4, -1) == ".ex"',
    'substring("abc", 2, 1) == ""',
    'substring("abc", 5) == ""',
    'substring(process.name, 0, 3) : "reg"',
  ],
  subtract: [
    'subtract(10, 2) == 8',
    'subtract(10.5, 0.5) == 10',
    'subtract(15, process.args_count) == 11',
    'subtract(2, null) == null',
  ],
  wildcard: [
    'wildcard(process.name, "x*", "Reg*")',
    'not wildcard(process.name, "reg*")',
    'wildcard~(process.name, "reg*32.???")',
    'wildcard(substring(process.name, 3), "Svr*")',
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
    expect(holdsOn('STARTSWITH(process.name, "Reg") and stringcontains~(process.name, "SVR")', event)).toBe(
      true,
    );
  });
});
