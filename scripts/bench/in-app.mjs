/** Measurements in the app, through the window it has: import, first chart, opening, queries, pages, sizes. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { drop, launch, waitIdle } from '../drive.mjs';

/** @typedef {import('../drive.mjs').Driven} Driven */
const IMPORT_LIMIT_MS = 30 * 60_000;

/**
 * Drops the folder (Electron) or opens it from the command line (local server: a dropped folder has no path there and would be sent
 * first), and waits until everything is stored and can be queried.
 * @param {'electron' | 'web'} mount @param {string} profile @param {string} folder or file @param {(app: Driven) => void} [started]
 * @returns {Promise<{app: Driven, ms: number, firstChartMs: number | null, events: number, files: number}>}
 */
export async function importInApp(mount, profile, folder, started) {
  const app = await launch({ mount, profile, args: mount === 'web' ? [folder] : [] });
  started?.(app);
  const { page } = app;
  if (mount === 'electron') await waitIdle(page);
  const measured = page.evaluate(
    () =>
      new Promise((resolve) => {
        const { app: store } = /** @type {any} */ (window).__app;
        const times = { begun: performance.now(), firstChart: /** @type {number | null} */ (null), ended: 0 };
        let seen = store.getState().importing !== null;
        if (seen) times.begun = performance.now() - (Date.now() - store.getState().importing.startedAt);
        /** @type {any} */ (window).__bench = times;
        const look = () => {
          if (times.firstChart === null && document.querySelector('path[shape-rendering="crispEdges"][d^="M"]'))
            times.firstChart = performance.now();
          const { importing } = store.getState();
          seen ||= importing !== null;
          if (seen && importing === null) {
            times.ended = performance.now();
            resolve(times);
          } else setTimeout(look, 4);
        };
        look();
      }),
  );
  if (mount === 'electron') {
    await page.evaluate(() => {
      /** @type {any} */ (window).__bench.begun = performance.now();
    });
    await drop(page, [folder]);
  }
  const guard = new Promise((_, reject) => setTimeout(() => reject(new Error('The import did not end.')), IMPORT_LIMIT_MS).unref());
  const times = /** @type {any} */ (await Promise.race([measured, guard]));
  await waitIdle(page, 120_000);
  const { events, files } = await page.evaluate(async () => {
    const { engine } = /** @type {any} */ (window).__app;
    return { events: (await engine.query.status()).events, files: (await engine.store.ledgerTotals()).files };
  });
  return {
    app,
    ms: times.ended - times.begun,
    firstChartMs: times.firstChart === null ? null : times.firstChart - times.begun,
    events,
    files,
  };
}

/** @param {Driven} app @returns {Promise<{selectionMs: number[], pageMs: number[], openMs: number[], bytesPerEvent: number}>} */
export function measureQueries(app) {
  return app.page.evaluate(async () => {
    const { engine, app: store } = /** @type {any} */ (window).__app;
    const all = { time: { from: null, to: null }, filters: [], hideReadOnly: false, hideServiceCalls: false };
    const facets = [
      'eventName',
      'eventSource',
      'principal',
      'identityType',
      'sourceIPAddress',
      'awsRegion',
      'account',
      'errorCode',
      'accessKeyId',
      'resource',
      'userAgent',
      'readOnly',
      'eventCategory',
      'invokedBy',
      'userName',
      'outcome',
      'eventType',
      'starred',
    ];
    const asks = [
      { ask: 'count' },
      { ask: 'histogram', bins: 600, stackBy: 'readOnly', stackTop: 8 },
      ...facets.map((column) => ({ ask: 'facet', column, limit: 12 })),
    ];
    const timed = async (/** @type {() => Promise<unknown>} */ work) => {
      const started = performance.now();
      const result = await work();
      return { ms: performance.now() - started, result: /** @type {any} */ (result) };
    };
    const run = (/** @type {unknown} */ selection, /** @type {unknown} */ what) =>
      engine.query.run({ view: 'bench', selection, asks: what });
    const whole = (await run(all, asks)).answers;
    const { first, last } = whole[0];
    const values = Object.fromEntries(
      whole.slice(2).map((/** @type {any} */ a) => [a.column, a.values.map((/** @type {any} */ v) => v.value)]),
    );

    // Filters such as people make: values of many columns, ranges of time, exclusions, contains, switches, and pairs of them.
    const filters = [];
    for (const column of facets.slice(0, 13))
      for (const value of (values[column] ?? []).slice(0, 4)) filters.push({ op: 'in', column, values: [value] });
    const selections = /** @type {any[]} */ ([all]);
    for (const [i, filter] of filters.entries()) {
      selections.push({
        ...all,
        filters: [i % 3 === 0 ? { ...filter, not: true } : filter],
        hideReadOnly: i % 7 === 0,
        hideServiceCalls: i % 5 === 0,
      });
      if (i % 4 === 0) {
        const from = first + ((last - first) * (i % 10)) / 12;
        selections.push({ ...all, time: { from, to: from + (last - first) / 6 }, filters: i % 8 === 0 ? [filter] : [] });
      }
      if (i % 6 === 0) selections.push({ ...all, filters: [filter, filters[(i + 17) % filters.length]] });
    }
    for (const text of ['prod', '3.0.', 'role/app']) selections.push({ ...all, filters: [{ op: 'contains', column: 'principal', text }] });
    const selectionMs = [];
    for (const selection of selections) selectionMs.push((await timed(() => run(selection, asks))).ms);

    const columns = [
      'eventTime',
      'eventName',
      'userName',
      'eventSource',
      'resource',
      'principal',
      'sourceIPAddress',
      'awsRegion',
      'errorCode',
      'account',
    ];
    const pageMs = [];
    for (let i = 0; i < 80; i++) {
      const selection = i % 4 === 0 ? selections[i % selections.length] : all;
      const { total } = (await run(selection, [{ ask: 'page', offset: 0, limit: 1, descending: false, columns: [] }])).answers[0];
      const offset = Math.floor((Math.max(0, total - 100) * ((i * 7919) % 997)) / 997);
      pageMs.push((await timed(() => run(selection, [{ ask: 'page', offset, limit: 100, descending: i % 2 === 1, columns }]))).ms);
    }

    const status = await engine.query.status();
    const bytes = status.bytes.columns + status.bytes.dictionaries + status.bytes.order + status.bytes.ids;
    const { id } = store.getState().opened.info;
    const openMs = [];
    for (let i = 0; i < 3; i++) {
      await engine.store.closeCase();
      openMs.push(
        (
          await timed(async () => {
            await engine.store.openCase(id);
            while ((await engine.query.status()).events < status.events) await new Promise((resolve) => setTimeout(resolve, 1));
          })
        ).ms,
      );
    }
    return { selectionMs, pageMs, openMs, bytesPerEvent: bytes / status.events };
  });
}

/** @param {string} folder @returns {number} bytes of the browser's database files below a profile */
export function storedBytes(folder) {
  const size = (/** @type {string} */ path) =>
    readdirSync(path, { withFileTypes: true, recursive: true }).reduce(
      (sum, e) => (e.isFile() ? sum + statSync(join(e.parentPath, e.name)).size : sum),
      0,
    );
  return readdirSync(folder, { withFileTypes: true, recursive: true }).reduce(
    (sum, entry) => (entry.isDirectory() && entry.name === 'IndexedDB' ? sum + size(join(entry.parentPath, entry.name)) : sum),
    0,
  );
}
