/**
 * `npm test`: sets itself up, then runs the checks, the unit and hostile tests, and the end-to-end tests on both mounts, all of them
 * even when one fails. The last line gives the totals over all runners; they are also in test-results/totals.txt.
 * `npm test -- --only check,unit,e2e` runs a part.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { displayPrefix, findElectron } from './lib/mount.mjs';
import { ensureBuild, ensureModules } from './lib/setup.mjs';
import { ensureBrowser } from './test-setup.mjs';

process.env.CI ??= 'true';
const only = process.argv.indexOf('--only');
const parts = new Set(only > 0 ? (process.argv[only + 1] ?? '').split(',') : ['check', 'unit', 'e2e']);

/** @typedef {{passed: number, failed: number, skipped: number}} Totals */

/** @param {string[]} command */
const start = (command) => spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'inherit', 'inherit'] });

/** @param {string} path @param {(report: any) => Totals} count @returns {Totals} one failure when the runner left no report */
function read(path, count) {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    console.error(`${path}: no report (${error instanceof Error ? error.message : error})`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** @returns {Totals} */
function check() {
  start([process.execPath, 'scripts/check.mjs', '--json', 'test-results/check.json']);
  return read('test-results/check.json', (report) => report);
}

/** @returns {Totals} */
function unit() {
  const report = 'test-results/vitest.json';
  const ended = start([
    process.execPath,
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  return read(report, (json) => {
    const broken = json.testResults.filter(
      (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    const failed = json.numFailedTests + broken;
    return {
      passed: json.numPassedTests,
      // An error outside any test (an unhandled rejection) fails the run without a failed test.
      failed: failed === 0 && ended.status !== 0 ? 1 : failed,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  });
}

/** @returns {Totals} */
function endToEnd() {
  ensureBuild();
  process.env.TRAILCASE_BROWSER = ensureBrowser();
  const projects = ['--project=web'];
  const electron = findElectron();
  const prefix = displayPrefix();
  if (!electron) console.log('skipped: Electron end-to-end tests (no runtime: set ELECTRON_OVERRIDE_DIST_PATH or run `npx electron` once)');
  else if (!prefix) console.log('skipped: Electron end-to-end tests (no display, and xvfb-run with xauth is not installed)');
  else projects.push('--project=electron');
  const ended = start([...(prefix ?? []), process.execPath, 'node_modules/@playwright/test/cli.js', 'test', ...projects]);
  const totals = read('test-results/playwright.json', (json) => ({
    passed: json.stats.expected + json.stats.flaky,
    failed: json.stats.unexpected + json.errors.length,
    skipped: json.stats.skipped,
  }));
  if (totals.failed === 0 && ended.status !== 0) totals.failed = 1;
  if (projects.length === 1) totals.skipped++;
  return totals;
}

/** What the fuzz and kill tests tell of themselves (test/fuzz/support/seeds.ts): a line, or none when they did not run. */
function fuzzed() {
  const folder = 'test-results/fuzz';
  const told = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const runs = told.map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
  const inputs = runs.reduce((sum, run) => sum + run.inputs, 0);
  return runs.length === 0 ? [] : [`fuzz and kills: ${inputs} in ${runs.length} runs, seed ${runs[0].seed}`];
}

/** @returns {Totals} */
function setup() {
  ensureModules();
  return { passed: 0, failed: 0, skipped: 0 };
}

const RUNNERS = { setup, check, unit, e2e: endToEnd };
const lines = /** @type {string[]} */ ([]);
const total = { passed: 0, failed: 0, skipped: 0 };

/** @param {Totals} t */
const inWords = (t) => `${t.passed} passed, ${t.failed} failed, ${t.skipped} skipped`;

rmSync('test-results', { recursive: true, force: true });
mkdirSync('test-results', { recursive: true });
for (const [name, runner] of Object.entries(RUNNERS)) {
  if (name !== 'setup' && !parts.has(name)) continue;
  let totals;
  try {
    totals = runner();
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    totals = { passed: 0, failed: 1, skipped: 0 };
  }
  if (name !== 'setup' || totals.failed) lines.push(`${name}: ${inWords(totals)}`);
  total.passed += totals.passed;
  total.failed += totals.failed;
  total.skipped += totals.skipped;
}
writeFileSync('test-results/totals.txt', `${inWords(total)}\n`);
console.log(`\n${[...lines, ...fuzzed()].join('\n')}\n${inWords(total)}`);
process.exitCode = total.failed || total.passed === 0 ? 1 : 0;
