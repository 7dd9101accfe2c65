// The last line of .ci/run: vitest's JSON report and the names of the failed checks → `N passed, N failed, N skipped`.
// Plain JavaScript: it must also run where the set-up of a newer Node has failed.

import { readFileSync } from 'node:fs';

const [reportFile, ...failedChecks] = process.argv.slice(2);
const { passed, failed, skipped, broken } = countTests(readFileSync(reportFile, 'utf8'));

for (const name of broken) process.stdout.write(`failed: ${name}\n`);
// The check `test` is made of the tests: it counts for itself only when none of them says what failed.
const checks = failedChecks.filter((name) => name !== 'test' || failed === 0);
for (const name of checks) process.stdout.write(`failed: ${name}\n`);
process.stdout.write(`${passed} passed, ${failed + checks.length} failed, ${skipped} skipped\n`);
process.exitCode = failed + failedChecks.length === 0 ? 0 : 1;

function countTests(text) {
  const files = text === '' ? [] : JSON.parse(text).testResults;
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  // A file that does not even load has no tests, and has failed.
  const unloaded = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failures = tests.filter(({ status }) => status === 'failed');
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failures.length + unloaded.length,
    skipped: tests.filter(({ status }) => ['skipped', 'pending', 'todo', 'disabled'].includes(status)).length,
    broken: [...unloaded.map(({ name }) => name), ...failures.map(({ fullName }) => fullName)],
  };
}
