/**
 * `npm run bench [-- --events N] [--files N] [--runs N] [--json FILE] [--keep] [--large [--scale N] [--only NAME,…] [--mount web]]`: the app against Node alone and DuckDB on the same generated
 * files in one run, then small files, queries, opening and sizes. Medians of --runs (three). Needs some GB in .cache and the temporary
 * folder, and twenty minutes for a million events.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDuckdb } from './bench/baseline-duckdb.mjs';
import { nodeBaseline } from './bench/baseline-node.mjs';
import { importInApp, measureQueries, storedBytes } from './bench/in-app.mjs';
import { LARGE_CASES, measureLarge } from './bench/large.mjs';
import { measurePrincipalPages, TABS } from './bench/principal-page.mjs';
import { generateBulk } from './generate/bulk.mjs';
import { displayPrefix, findElectron } from './lib/mount.mjs';
import { ensureBuild, ensureModules, ROOT, say } from './lib/setup.mjs';
import { ensureBrowser } from './test-setup.mjs';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    files: { type: 'string', default: '40000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    // Instead of everything else: files of gigabytes, and 300,000 small ones (bench/large.mjs).
    large: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    only: { type: 'string' },
    mount: { type: 'string' },
  },
});
const events = Number(values.events);
const smallFiles = Number(values.files);
const runs = Number(values.runs);
const unknown = values.only?.split(',').find((name) => !LARGE_CASES.includes(name));
if (!(events >= 1000) || !(Number(values.scale) > 0) || unknown || !(smallFiles >= 0) || !(runs >= 1)) {
  say(
    'usage: npm run bench [-- --events N (1,000 or more)] [--files N] [--runs N] [--json FILE] [--keep] [--large [--scale N] [--only NAME,…] [--mount web]]',
  );
  process.exit(1);
}

ensureModules();
ensureBuild();
const prefix = displayPrefix();
if (prefix && prefix.length > 0) {
  // Electron wants a display: run the same again under a virtual one.
  const again = spawnSync(prefix[0], [...prefix.slice(1), process.execPath, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exit(again.status ?? 1);
}

const threads = availableParallelism();
const absent = /** @type {Record<string, string>} */ ({});
const median = (/** @type {number[]} */ list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const p95 = (/** @type {number[]} */ list) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * 0.95))];
const round = (/** @type {number | null} */ x, digits = 0) => (x === null ? null : Number(x.toFixed(digits)));

/** Generated once for its size, then kept. @param {string} name @param {number} count @param {number} perFile */
async function evidence(name, count, perFile) {
  const out = join(ROOT, '.cache/bench', name);
  const stamp = `${out}.json`;
  if (!existsSync(stamp)) {
    say(`generating ${name}`);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    writeFileSync(stamp, JSON.stringify(await generateBulk({ out, events: count, perFile, seed: 1 })));
  }
  const totals = /** @type {import('./generate/bulk.mjs').BulkTotals} */ (JSON.parse(readFileSync(stamp, 'utf8')));
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) readFileSync(file);
  return { out, totals, files };
}

/** Runs `once` --runs times. @param {string} name @param {() => Promise<number>} once @returns {Promise<number | null>} median of what it gives */
async function measure(name, once) {
  const results = [];
  try {
    for (let i = 0; i < runs; i++) results.push(await once());
  } catch (error) {
    absent[name] = error instanceof Error ? error.message.split('\n')[0] : String(error);
    say(`${name}: ${absent[name]}`);
    return null;
  }
  say(`${name}: ${results.map((x) => Math.round(x)).join(', ')}`);
  return median(results);
}

const work = mkdtempSync(join(tmpdir(), 'trailcase-bench-'));
if (values.large) {
  ensureBrowser();
  const mount = values.mount === 'web' || !findElectron() || prefix === null ? 'web' : 'electron';
  const only = values.only?.split(',');
  const large = await measureLarge({ work, scale: Number(values.scale), mount, only }).finally(() =>
    rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  );
  const text = JSON.stringify({ threads, large }, null, 2);
  console.log(text);
  if (values.json) writeFileSync(values.json, `${text}\n`);
  process.exit(JSON.stringify(large).includes('"error"') ? 1 : 0);
}
const big = await evidence(`${events}-by-2000`, events, 2000);
const small = smallFiles > 0 ? await evidence(`${smallFiles}-files-of-8`, smallFiles * 8, 8) : null;
let profiles = 0;
const freshProfile = () => join(work, `profile-${profiles++}`);

const firstChart = /** @type {number[]} */ ([]);
const kept =
  /** @type {{selectionMs: number[], pageMs: number[], principal: Record<string, import('./bench/principal-page.mjs').Waits>, openMs: number[], bytesPerEvent: number, stored: number}[]} */ ([]);

/** @param {'electron' | 'web'} mount @param {typeof big} data @param {boolean} andQueries @returns {Promise<number>} ms */
async function appRun(mount, data, andQueries) {
  const profile = freshProfile();
  const result = await importInApp(mount, profile, data.out);
  try {
    if (result.events !== data.totals.events) throw new Error(`${result.events} of ${data.totals.events} events arrived`);
    if (result.firstChartMs !== null && mount === 'electron' && andQueries) firstChart.push(result.firstChartMs);
    if (andQueries) {
      // Before all others: nobody has asked for a principal yet.
      const principal = await measurePrincipalPages(result.app);
      kept.push({ principal, ...(await measureQueries(result.app)), stored: storedBytes(profile) });
    }
  } finally {
    await result.app.close();
    if (!values.keep) rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
  return result.ms;
}

/** @param {'auto' | 'fields'} kind */
function duckdb(kind) {
  const missing = ensureDuckdb();
  if (missing) throw new Error(missing);
  const child = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts/bench/baseline-duckdb.mjs'), big.out, kind, String(threads), join(work, 'duck.db')],
    { encoding: 'utf8' },
  );
  if (child.status !== 0)
    throw new Error(
      `DuckDB failed: ${
        child.stderr
          .trim()
          .split('\n')
          .findLast((line) => line.includes('Error')) ?? child.stderr.slice(0, 300)
      }`,
    );
  const { events: got, ms } = JSON.parse(child.stdout);
  if (got !== big.totals.events) throw new Error(`DuckDB read ${got} of ${big.totals.events} events`);
  return (got / ms) * 1000;
}

const electron = findElectron() && prefix !== null;
if (!electron) absent.electron = prefix === null ? 'No display, and no xvfb-run.' : 'No Electron runtime: set ELECTRON_OVERRIDE_DIST_PATH.';
ensureBrowser();
const perSecond = (/** @type {number} */ ms, n = big.totals.events) => (n / ms) * 1000;

const nodeSingleThread = await measure('nodeSingleThread', async () => perSecond((await nodeBaseline(big.files, 1)).ms));
const nodeAllThreads = await measure('nodeAllThreads', async () => perSecond((await nodeBaseline(big.files, threads)).ms));
const inElectron = electron ? await measure('electron', async () => perSecond(await appRun('electron', big, true))) : null;
const ofElectron = kept.length;
const inChromium = await measure('chromium', async () => perSecond(await appRun('web', big, !electron)));
const duckdbFields = await measure('duckdbFields', async () => duckdb('fields'));
const duckdbAuto = await measure('duckdbAuto', async () => duckdb('auto'));
const smallFilesPerSecond = small
  ? await measure('smallFilesPerSecond', async () =>
      perSecond(await appRun(electron ? 'electron' : 'web', small, false), small.totals.files),
    )
  : null;
rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });

/** A bench of an analysis over synthetic columns, in plain Node. @param {string} name @returns {Record<string, number> | null} */
function analysis(name) {
  const child = spawnSync(process.execPath, [join(ROOT, 'test/bench/run.mjs'), name, String(events)], { cwd: ROOT, encoding: 'utf8' });
  if (child.status === 0) return JSON.parse(child.stdout);
  absent[name] = child.stderr.split('\n')[0] || 'It ended without a result.';
  say(`${name}: ${absent[name]}`);
  return null;
}
const lineage = analysis('lineage');

const of = (/** @type {(k: typeof kept[number]) => number} */ pick) => (kept.length > 0 ? median(kept.map(pick)) : null);
const ratio = (/** @type {number | null} */ a, /** @type {number | null} */ b) => (a === null || b === null ? null : round(a / b, 2));
const summary = {
  events,
  threads,
  runs,
  queriesIn: ofElectron > 0 ? 'electron' : 'chromium',
  import: {
    electron: round(inElectron),
    chromium: round(inChromium),
    nodeSingleThread: round(nodeSingleThread),
    nodeAllThreads: round(nodeAllThreads),
    duckdbFields: round(duckdbFields),
    duckdbAuto: round(duckdbAuto),
  },
  ratios: {
    electronToDuckdbAuto: ratio(inElectron, duckdbAuto),
    electronToNodeSingleThread: ratio(inElectron, nodeSingleThread),
    chromiumToNodeSingleThread: ratio(inChromium, nodeSingleThread),
  },
  smallFilesPerSecond: round(smallFilesPerSecond),
  firstChartMs: firstChart.length > 0 ? round(median(firstChart)) : null,
  query: {
    selectionP95Ms: round(
      of((k) => p95(k.selectionMs)),
      1,
    ),
    pageP95Ms: round(
      of((k) => p95(k.pageMs)),
      1,
    ),
    // All questions of a tab, over all tabs of all principals; then from the click, and each tab by itself.
    principalP95Ms: round(
      of((k) => p95(Object.values(k.principal).flatMap((w) => w.askedMs))),
      1,
    ),
    principalClickP95Ms: round(
      of((k) => p95(Object.values(k.principal).flatMap((w) => w.clickedMs))),
      1,
    ),
    principalTabsP95Ms: Object.fromEntries(
      TABS.map((tab) => [
        tab,
        round(
          of((k) => p95(k.principal[tab].askedMs)),
          1,
        ),
      ]),
    ),
    openMs: round(of((k) => median(k.openMs))),
  },
  bytesPerEvent: round(
    of((k) => k.bytesPerEvent),
    1,
  ),
  storedPerGzipByte: round(
    of((k) => k.stored / big.totals.gzipBytes),
    2,
  ),
  lineage,
  absent,
};

const GOALS = /** @type {[string, number | null, string, (x: number) => boolean][]} */ ([
  ['import in Electron / duckdbAuto', summary.ratios.electronToDuckdbAuto, '≥ 1.0', (x) => x >= 1],
  ['import in Electron / nodeSingleThread', summary.ratios.electronToNodeSingleThread, '≥ 0.75', (x) => x >= 0.75],
  ['small files per second', summary.smallFilesPerSecond, '≥ 3,000', (x) => x >= 3000],
  ['first chart after the drop, ms', summary.firstChartMs, '≤ 2,000', (x) => x <= 2000],
  ['filter + histogram + all facets p95, ms', summary.query.selectionP95Ms, '≤ 60', (x) => x <= 60],
  ['a page of rows p95, ms', summary.query.pageP95Ms, '≤ 20', (x) => x <= 20],
  ['a principal page p95, ms', summary.query.principalP95Ms, '≤ 150', (x) => x <= 150],
  ['opening the case, ms', summary.query.openMs, '≤ 2,000', (x) => x <= 2000],
  ['bytes an event in memory', summary.bytesPerEvent, '≤ 150', (x) => x <= 150],
  ['lineage of all credentials, ms', round(lineage?.lineageMs ?? null), '≤ 2,000', (x) => x <= 2000],
  ['stored / gzip', summary.storedPerGzipByte, '≤ 2.5', (x) => x <= 2.5],
]);
const table = [
  ...Object.entries(summary.import).map(([name, rate]) => [
    `import: ${name}`,
    rate === null ? `absent: ${absent[name] ?? 'see above'}` : `${rate.toLocaleString('en')} events/s`,
    '',
    '',
  ]),
  ...GOALS.map(([name, value, goal, met]) => [
    name,
    value === null ? 'absent' : value.toLocaleString('en'),
    goal,
    value === null ? '' : met(value) ? 'met' : 'missed',
  ]),
];
const widths = [0, 1, 2].map((i) => Math.max(...table.map((row) => row[i].length)));
say(`\n${events.toLocaleString('en')} events, ${threads} threads, medians of ${runs}`);
for (const row of table)
  say(
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
const text = JSON.stringify(summary, null, 2);
console.log(text);
if (values.json) writeFileSync(values.json, `${text}\n`);
process.exitCode = inElectron === null && inChromium === null ? 1 : 0;
