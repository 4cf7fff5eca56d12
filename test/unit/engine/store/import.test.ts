/** Evidence into a case: once, wholly or not at all, whatever interrupts it. */
import { IDBObjectStore as ObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import type { ImportId } from '../../../../src/shared/brand.ts';
import type { CaseInfo } from '../../../../src/shared/case.ts';
import type { ImportProgress } from '../../../../src/shared/commit.ts';
import { encodeFrame } from '../../../../src/shared/frame.ts';
import {
  bytesOf,
  commitOf,
  file,
  frames,
  framesFor,
  GRANT,
  hex,
  Profile,
  progress,
  record,
  stagesOf,
  type TestFile,
  type TestWindow,
} from './support.ts';

const FILES: TestFile[] = [
  file('a.json.gz', 1, 2),
  file('b.json.gz', 3),
  file('c.json.gz', 4, 5, 6),
  file('d.json.gz', 7),
  file('e.json.gz', 8),
];
const LARGE: TestFile = { path: 'large.json.gz', gzip: true, records: Array.from({ length: 9 }, (_, i) => record(100 + i)) };

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

async function openCase(profile = new Profile()): Promise<{ profile: Profile; window: TestWindow; info: CaseInfo }> {
  const window = await profile.window();
  windows.push(window);
  const info = await window.store.createCase('Stolen key');
  await window.store.openCase(info.id);
  return { profile, window, info };
}

describe('an import', () => {
  it('stores every file and hands the columns on', async () => {
    const { profile, window, info } = await openCase();
    profile.host.importing = (request) => framesFor(FILES, request);
    const seen: ImportProgress[] = [];
    const outcome = await window.store.importGrants(GRANT, (p) => seen.push(p));
    expect(outcome.run).toMatchObject({ status: 'done', reason: null, roots: ['/evidence'], files: 5 });
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 5, byStatus: { imported: 5 }, records: 8 });
    expect(window.query.rows()).toBe(8);
    expect([...window.query.files.values()].map((f) => f.path).sort()).toEqual(FILES.map((f) => f.path));
    expect(seen.at(-1)?.filesDone).toBe(5);
    expect((await window.store.listCases())[0]).toMatchObject({ id: info.id, files: 5, events: 8 });
  });

  it('run twice adds no event and no row, and a copy elsewhere is one repeated row with the records of the first', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) => framesFor(FILES, request);
    await window.store.importGrants(GRANT, () => undefined);
    await window.store.importGrants(GRANT, () => undefined);
    expect(profile.host.requests[1].known.sort()).toEqual(FILES.map((f) => hex(bytesOf(f))).sort());
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 5, records: 8 });
    expect(window.query.rows()).toBe(8);
    profile.host.importing = (request) => framesFor([{ ...FILES[2], path: 'copy/c.json.gz' }], request);
    await window.store.importGrants(GRANT, () => undefined);
    const copy = (await window.store.ledger()).find((row) => row.path === 'copy/c.json.gz');
    expect(copy).toMatchObject({ status: 'repeated', records: 3 });
    expect(new TextDecoder().decode(await window.store.readOriginal(copy!.id))).toBe(new TextDecoder().decode(bytesOf(FILES[2])));
    expect(window.query.rows()).toBe(8);
  });

  it('fills a repeated row that came before the first copy was in', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) =>
      frames([
        commitOf([{ ...FILES[2], path: 'z.json.gz', status: 'repeated' }], request.importId),
        commitOf([FILES[2]], request.importId),
      ]);
    await window.store.importGrants(GRANT, () => undefined);
    const rows = await window.store.ledger();
    const repeated = rows.find((r) => r.path === 'z.json.gz');
    expect(repeated).toMatchObject({ status: 'repeated', records: 3 });
    expect(window.query.files.get(repeated!.id)).toMatchObject({ status: 'repeated', records: 3 });
    expect(
      profile.host.journals
        .values()
        .next()
        .value?.findLast((e) => e.id.endsWith('z.json.gz'))?.data,
    ).toMatchObject({ records: 3 });
  });

  it('replaces the row of a file that could not be read before', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) => frames([commitOf([{ ...FILES[0], status: 'cancelled' }], request.importId)]);
    await window.store.importGrants(GRANT, () => undefined);
    const [before] = await window.store.ledger();
    expect(before.status).toBe('cancelled');
    profile.host.importing = (request) => framesFor(FILES, request);
    await window.store.importGrants(GRANT, () => undefined);
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 5, byStatus: { imported: 5 } });
    // Told again under the same number, so that no sum counts it twice.
    expect(window.query.files.get(before.id)).toMatchObject({ path: 'a.json.gz', status: 'imported', records: 2 });
    expect(window.query.files.size).toBe(5);
  });

  it('reads a repeated file itself when its first copy never came in', async () => {
    const { profile, window } = await openCase();
    const first: TestFile = { ...FILES[0], path: 'first.gz', status: 'cancelled' };
    profile.host.importing = (request) => frames([commitOf([first, { ...FILES[0], status: 'repeated' }], request.importId)]);
    await window.store.importGrants(GRANT, () => undefined);
    profile.host.importing = (request) => framesFor([FILES[0], { ...FILES[0], path: 'first.gz' }], request);
    await window.store.importGrants(GRANT, () => undefined);
    expect((await window.store.ledger()).map((r) => [r.path, r.status, r.records])).toEqual([
      ['a.json.gz', 'imported', 2],
      ['first.gz', 'repeated', 2],
    ]);
    expect(window.query.rows()).toBe(2);
  });

  it('gives up the row of a zip that was not opened once its members are in', async () => {
    const { profile, window } = await openCase();
    const unopened: TestFile = { ...FILES[0], path: '/a!b/z.zip', status: 'cancelled' };
    profile.host.importing = (request) => {
      const commit = commitOf([unopened], request.importId);
      commit.header.files[0].sha256 = null;
      return frames([commit]);
    };
    await window.store.importGrants(GRANT, () => undefined);
    const members = FILES.slice(0, 2).map((f) => ({ ...f, path: `/a!b/z.zip!in!${f.path}` }));
    profile.host.importing = (request) => framesFor(members, request);
    await window.store.importGrants(GRANT, () => undefined);
    expect((await window.store.ledger()).map((r) => [r.path, r.status])).toEqual(members.map((f) => [f.path, 'imported']));
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 2, byStatus: { imported: 2 } });
  });

  it('does not call a file repeated whose first copy never came in, unless that was judged', async () => {
    const { profile, window, info } = await openCase();
    const first: TestFile = { ...FILES[0], path: 'first.gz', status: 'cancelled' };
    const judged: TestFile = { ...FILES[1], status: 'rejected' };
    profile.host.importing = (request) =>
      frames([
        commitOf(
          [first, { ...FILES[0], status: 'repeated' }, judged, { ...FILES[1], path: 'again.gz', status: 'repeated' }],
          request.importId,
        ),
      ]);
    await window.store.importGrants(GRANT, () => undefined);
    const states = async (): Promise<[string, string][]> => (await window.store.ledger()).map((r) => [r.path, r.status]);
    const expected = [
      ['first.gz', 'cancelled'],
      ['a.json.gz', 'cancelled'],
      ['b.json.gz', 'rejected'],
      ['again.gz', 'repeated'],
    ];
    expect(await states()).toEqual(expected);
    const copy = (await window.store.ledger()).find((r) => r.path === 'a.json.gz');
    expect(copy?.reason).toMatch(/Import it again/);
    expect(window.query.files.get(copy!.id)).toMatchObject({ status: 'cancelled' });
    await window.store.openCase(info.id);
    expect(await states()).toEqual(expected);
  });

  it('keeps what is in when the stream breaks off, and says so', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) =>
      frames([commitOf([FILES[0]], request.importId), ...stagesOf(LARGE, request.importId, 3).slice(0, 2)], null);
    const outcome = await window.store.importGrants(GRANT, () => undefined);
    expect(outcome.run.status).toBe('failed');
    expect(outcome.run.reason).toContain('Import the same files again');
    expect((await window.store.ledger()).map((r) => r.path)).toEqual(['a.json.gz']);
    expect(window.query.rows()).toBe(2);
    expect(window.query.log).toContain('drop');
  });

  it('is cancelled by the host, and what is wholly in stays', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = async function* (request) {
      for (const { header, buffers } of [commitOf([FILES[0]], request.importId)]) yield* encodeFrame({ type: 'commit', header }, buffers);
      await window.store.cancelImport();
      yield* encodeFrame({ type: 'done', cancelled: profile.host.cancelled.has(request.importId), progress: progress() });
    };
    const outcome = await window.store.importGrants(GRANT, () => undefined);
    expect(outcome).toMatchObject({ cancelled: true, run: { status: 'cancelled' } });
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 1 });
  });

  it('is paused and resumed with one reason for host and person, and cancelled while paused', async () => {
    const { profile, window } = await openCase();
    const seen: [string | null | undefined, boolean | undefined][] = [];
    let more = (): void => undefined;
    profile.host.importing = async function* (request) {
      const [first, second] = FILES.map((f) => commitOf([f], request.importId));
      yield* encodeFrame({ type: 'commit', header: first.header }, first.buffers);
      await window.store.pauseImport();
      await window.store.pauseImport();
      // The host's own frames say what it was told.
      yield* encodeFrame({ type: 'progress', progress: progress({ paused: profile.host.pauses[0] }) });
      await window.store.resumeImport();
      yield* encodeFrame({ type: 'commit', header: second.header }, second.buffers);
      await window.store.pauseImport();
      setTimeout(() => void window.store.cancelImport().then(more), 5);
      await new Promise<void>((resolve) => {
        more = resolve;
      });
      yield* encodeFrame({ type: 'done', cancelled: profile.host.cancelled.has(request.importId), progress: progress() });
    };
    const outcome = await window.store.importGrants(GRANT, (p) => seen.push([p.paused, p.resumable]));
    expect(outcome.run.status).toBe('cancelled');
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 2 });
    expect(profile.host.pauses).toEqual([expect.stringMatching(/^Paused: nothing is read/), null, expect.stringMatching(/^Paused/)]);
    expect(seen.map(([paused]) => paused !== null)).toEqual(expect.arrayContaining([true, false]));
    expect(seen.every(([, resumable]) => resumable !== false)).toBe(true);
    expect(seen.at(-1)?.[0]).toBeNull();
    await window.store.pauseImport();
    expect(profile.host.pauses).toHaveLength(3);
  });

  it('runs one at a time', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) => framesFor(FILES, request);
    const first = window.store.importGrants(GRANT, () => undefined);
    await expect(window.store.importGrants(GRANT, () => undefined)).rejects.toMatchObject({ kind: 'busy' });
    await first;
  });

  it('that would not fit is refused with the numbers', async () => {
    const { profile, window } = await openCase();
    profile.host.freeBytes = 900e6;
    profile.host.importing = function* () {
      yield* encodeFrame({ type: 'progress', progress: progress({ bytesFound: 20e9 }) });
      yield* encodeFrame({ type: 'done', cancelled: false, progress: progress() });
    };
    const outcome = await window.store.importGrants(GRANT, () => undefined);
    expect(outcome.run).toMatchObject({ status: 'failed' });
    expect(outcome.run.reason).toMatch(/3\.0 GB.*900 MB/);
    // What looked as if it might fit is stopped once the import has shown what it takes.
    profile.host.importing = function* (request) {
      yield* encodeFrame({ type: 'progress', progress: progress({ bytesFound: 1e9 }) });
      const commit = commitOf([FILES[0]], request.importId);
      yield* encodeFrame({ type: 'commit', header: commit.header }, [commit.buffers[0], new ArrayBuffer(60e6)]);
      yield* encodeFrame({ type: 'commit', header: commitOf([FILES[1]], request.importId).header }, [
        new ArrayBuffer(8),
        new ArrayBuffer(8),
      ]);
      yield* encodeFrame({ type: 'commit', header: commitOf([FILES[2]], request.importId).header }, [
        new ArrayBuffer(8),
        new ArrayBuffer(8),
      ]);
      yield* encodeFrame({ type: 'progress', progress: progress({ bytesFound: 1e9, bytesDone: 40e6 }) });
      yield* encodeFrame({ type: 'done', cancelled: false, progress: progress() });
    };
    const stopped = await window.store.importGrants(GRANT, () => undefined);
    expect(stopped.run.reason).toMatch(/1\.4 GB.*900 MB/);
    expect(await window.store.ledgerTotals()).toMatchObject({ records: 6 });
    profile.host.freeBytes = 10e6;
    await expect(window.store.importGrants(GRANT, () => undefined)).rejects.toMatchObject({ kind: 'storage' });
  });
});

describe('a disk that gets full', () => {
  it('pauses the import with a sentence, and it goes on by itself', async () => {
    const profile = new Profile();
    const window = await profile.window({
      wait: async () => {
        profile.host.freeBytes = 1e12;
      },
    });
    windows.push(window);
    await window.store.openCase((await window.store.createCase('Full disk')).id);
    profile.host.importing = function* (request) {
      const commit = commitOf([FILES[0]], request.importId);
      yield* encodeFrame({ type: 'commit', header: commit.header }, [commit.buffers[0], new ArrayBuffer(140e6)]);
      profile.host.freeBytes = 100e6;
      for (const f of FILES.slice(1)) {
        const { header, buffers } = commitOf([f], request.importId);
        yield* encodeFrame({ type: 'commit', header }, buffers);
      }
      yield* encodeFrame({ type: 'done', cancelled: false, progress: progress() });
    };
    const said: (string | null)[] = [];
    const outcome = await window.store.importGrants(GRANT, (p) => {
      if (p.paused !== undefined) said.push(p.paused);
    });
    expect(outcome.run.status).toBe('done');
    expect(said[0]).toMatch(/^Paused: only 100 MB are free/);
    expect(said[1]).toBeNull();
    expect(profile.host.pauses).toEqual([said[0], null]);
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 5 });
  });

  it('keeps an import from beginning, in a sentence that promises nothing', async () => {
    const { profile, window } = await openCase();
    profile.host.freeBytes = 100e6;
    const refused = await window.store.importGrants(GRANT, () => undefined).catch((thrown: Error) => thrown.message);
    expect(refused).toMatch(/^The import was not begun: only 100 MB are free, .*\. Free some disk space, then import again\.$/);
    expect(await window.store.listImports()).toEqual([]);
  });
});

describe('a large file in stages', () => {
  it('counts once its last stage is in, and is read back byte for byte', async () => {
    const { profile, window, info } = await openCase();
    const plain: TestFile = { ...LARGE, path: 'plain.json', gzip: false };
    profile.host.importing = (request) => frames([...stagesOf(LARGE, request.importId, 4), ...stagesOf(plain, request.importId, 2)]);
    await window.store.importGrants(GRANT, () => undefined);
    const rows = await window.store.ledger();
    expect(rows.map((r) => [r.path, r.commits.length, r.records])).toEqual([
      ['large.json.gz', 3, 9],
      ['plain.json', 5, 9],
    ]);
    await window.store.openCase(info.id);
    for (const row of rows) expect(hex(await window.store.readOriginal(row.id))).toBe(row.sha256);
    expect(window.query.rows()).toBe(18);
    const texts = await window.store.readRecords([
      { commitId: rows[1].commits[1], block: 0, textOffset: 0, textLength: Buffer.byteLength(LARGE.records[2]) },
    ]);
    expect(texts[0]).toMatchObject({ text: LARGE.records[2], sha256: hex(LARGE.records[2]) });
  });
});

describe('a kill', () => {
  it('at any write leaves every file wholly in or out, and importing again continues', async () => {
    const everything = [...FILES, LARGE];
    const importing = function* (request: { importId: ImportId; known: string[] }): Generator<Uint8Array> {
      const fresh = everything.filter((f) => !request.known.includes(hex(bytesOf(f))));
      const small = fresh.filter((f) => f !== LARGE).map((f) => commitOf([f], request.importId));
      const large = fresh.includes(LARGE) ? stagesOf(LARGE, request.importId, 3) : [];
      yield* frames([...small.slice(0, 2), ...large.slice(0, 2), ...small.slice(2), ...large.slice(2)]);
    };
    const outcomes = new Set<number>();
    for (let dieAt = 1; dieAt < 60; dieAt += 3) {
      const { profile, window, info } = await openCase();
      profile.host.importing = importing as never;
      let writes = 0;
      const { add, put } = ObjectStore.prototype;
      const dying = (original: typeof add): typeof add =>
        function (this: unknown, ...args) {
          if (++writes >= dieAt) throw new DOMException('killed', 'QuotaExceededError');
          return original.apply(this as never, args);
        };
      ObjectStore.prototype.add = dying(add);
      ObjectStore.prototype.put = dying(put);
      try {
        await window.store.importGrants(GRANT, () => undefined).catch(() => undefined);
      } finally {
        ObjectStore.prototype.add = add;
        ObjectStore.prototype.put = put;
      }
      const shown = window.query.rows();
      windows.splice(windows.indexOf(window), 1);
      window.kill();

      const again = await profile.window();
      windows.push(again);
      const opened = await again.store.openCase(info.id);
      expect(opened.access).toBe('write');
      const rows = await again.store.ledger();
      outcomes.add(rows.length);
      expect(again.query.rows()).toBe(rows.reduce((sum, r) => sum + r.records, 0));
      // What was on the screen when writing failed is what is stored.
      expect(shown).toBe(again.query.rows());
      for (const row of rows) expect(hex(await again.store.readOriginal(row.id))).toBe(row.sha256);
      await again.store.importGrants(GRANT, () => undefined);
      expect(await again.store.ledgerTotals()).toMatchObject({ files: 6, byStatus: { imported: 6 }, records: 17 });
      expect(again.query.rows()).toBe(17);
      expect((await again.store.listImports()).some((run) => run.status === 'running')).toBe(false);
    }
    expect(outcomes.size).toBeGreaterThan(3);
  });

  it('leaves stages that the next opening sweeps and an import marked as interrupted', async () => {
    const { profile, window, info } = await openCase();
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      profile.host.importing = async function* (request) {
        const copy: TestFile = { ...FILES[1], path: 'copy.gz', status: 'repeated' };
        yield* frames([commitOf([FILES[0], copy], request.importId), ...stagesOf(LARGE, request.importId, 3).slice(0, 2)], null);
        yield* encodeFrame({ type: 'progress', progress: progress() });
        resolve();
        await stuck;
      };
    });
    void window.store.importGrants(GRANT, () => undefined).catch(() => undefined);
    await reached;
    windows.splice(windows.indexOf(window), 1);
    window.kill();
    const again = await profile.window();
    windows.push(again);
    const opened = await again.store.openCase(info.id);
    expect(opened.sweptCommits).toBe(2);
    expect(opened.interrupted).toMatchObject([{ status: 'interrupted', roots: ['/evidence'] }]);
    expect(again.query.rows()).toBe(2);
    // Its first copy was being read when the app was killed.
    expect((await again.store.ledger()).map((r) => [r.path, r.status])).toEqual([
      ['a.json.gz', 'imported'],
      ['copy.gz', 'cancelled'],
    ]);
    const { sweptCommits, interrupted } = await again.store.openCase(info.id);
    expect(sweptCommits).toBe(0);
    // Offered until it was made good: the app may be started twice before anyone continues.
    expect(interrupted).toMatchObject([{ status: 'interrupted', roots: ['/evidence'] }]);
    release();
    profile.host.importing = (request) => framesFor(FILES, request);
    await again.store.importGrants(GRANT, () => undefined);
    expect((await again.store.openCase(info.id)).interrupted).toEqual([]);
  });
});

describe('merged dictionaries', () => {
  it('are stored with one remap a commit, so that opening merges nothing', async () => {
    const { profile, window, info } = await openCase();
    profile.host.importing = (request) =>
      framesFor(
        Array.from({ length: 23 }, (_, i) => file(`f${i}.gz`, i)),
        request,
        1,
      );
    await window.store.importGrants(GRANT, () => undefined);
    expect(window.query.log.filter((t) => t === 'consolidate').length).toBeGreaterThanOrEqual(3);
    await window.store.openCase(info.id);
    expect([...window.query.attached.values()].every((a) => a.remap !== null)).toBe(true);
    expect(window.query.stored).toHaveLength(23);
    const { log } = window.query;
    expect(log.lastIndexOf('dictionaries')).toBeLessThan(log.indexOf('attach', log.lastIndexOf('reset')));
  });

  it('that do not join up are never stored: the case opens and merges', async () => {
    const { profile, window, info } = await openCase();
    profile.host.importing = (request) => framesFor(FILES, request);
    window.query.breakDictionaries = true;
    await window.store.importGrants(GRANT, () => undefined);
    await window.store.openCase(info.id);
    expect([...window.query.attached.values()].map((a) => a.remap)).toEqual([null, null, null]);
    expect(window.query.rows()).toBe(8);
  });
});
