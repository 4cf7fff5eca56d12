/**
 * A profile whose windows can be killed like processes, at any operation of the database or message of a thread: what was not yet
 * committed rolls back, nothing is tidied up, and nothing of the dead window runs on. The import is the host's own, with small limits so
 * that little evidence makes many commits and stages (each test file that imports this mocks `limits.ts`).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { IDBKeyRange, IDBObjectStore as ObjectStore } from 'fake-indexeddb';
import { expect } from 'vitest';
import { QueryCore } from '../../../src/engine/query/query-core.ts';
import { openCaseDatabase } from '../../../src/engine/store/databases.ts';
import { createImport } from '../../../src/main/host/import/index.ts';
import type { StartThread } from '../../../src/main/host/import/thread.ts';
import type { CaseId } from '../../../src/shared/brand.ts';
import type { LedgerRow } from '../../../src/shared/engine.ts';
import type { ImportRequest } from '../../../src/shared/host.ts';
import { EMPTY_SELECTION } from '../../../src/shared/plan.ts';
import { events, SHAPES, tar, zip } from '../../fuzz/support/evidence.ts';
import { Random } from '../../fuzz/support/seeds.ts';
import { GRANT, hex, type Profile, type TestWindow } from '../../unit/engine/store/support.ts';
import { inProcess } from '../../unit/main/import/run-import.ts';

/** Evidence of every kind of row: whole, in containers, twice, in part, not at all, and one file of many stages. */
export function makeEvidence(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-kills-'));
  const random = new Random(11);
  const some = (count: number): Buffer => Buffer.from(SHAPES.records(events(random, count)));
  const write = (name: string, bytes: Buffer): void => writeFileSync(join(folder, name), bytes);
  for (let i = 0; i < 5; i++) write(`a${i}.json.gz`, gzipSync(some(random.between(1, 4))));
  const twice = gzipSync(some(3));
  write('b-first.json.gz', twice);
  write('c-second.json.gz', twice);
  write('d-cut.json.gz', gzipSync(some(6)).subarray(0, 900));
  write('e-large.json', some(30));
  write('f-large.json.gz', gzipSync(some(40)));
  write(
    'g.zip',
    zip([
      { name: '1.json', bytes: some(2) },
      { name: '2.json.gz', bytes: gzipSync(some(2)) },
    ]),
  );
  write(
    'h.tar.gz',
    gzipSync(
      tar([
        { name: '1.json', bytes: some(2) },
        { name: '2.json', bytes: some(1) },
      ]),
    ),
  );
  write('i.txt', Buffer.from('plain text'));
  write('j-lines.log', Buffer.from(`${SHAPES.lines(events(random, 3))}{"eventVersion": broken\n`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Window {
  window: TestWindow;
  core: QueryCore;
  /** Operations of the database so far. */
  operations(): number;
  /** Dies at this operation from now on. */
  dieAt(operation: number): void;
  die(): void;
  /** Settled when it has died. */
  readonly death: Promise<void>;
}

/** Set while a test kills: counts the operations of each window's connections. */
const hooks = new Map<unknown, () => void>();
for (const name of ['add', 'put', 'delete', 'get', 'getAll'] as const) {
  const original = ObjectStore.prototype[name] as (this: { transaction: { db: unknown } }, ...args: unknown[]) => unknown;
  (ObjectStore.prototype as unknown as Record<string, unknown>)[name] = function (
    this: { transaction: { db: unknown } },
    ...args: unknown[]
  ): unknown {
    hooks.get(this.transaction.db)?.();
    return original.apply(this, args);
  };
}

/** A window whose connections, requests to the host and lock end together when it dies. */
export async function mortalWindow(profile: Profile): Promise<Window> {
  const core = new QueryCore();
  const open = new Set<IDBTransaction>();
  const connections = new Set<IDBDatabase>();
  let operations = 0;
  let last = Number.POSITIVE_INFINITY;
  let dead = false;
  let window: TestWindow | null = null;
  let died = (): void => undefined;
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  const die = (): void => {
    if (dead) return;
    dead = true;
    for (const transaction of open) {
      try {
        transaction.abort();
      } catch {
        // it has just ended
      }
    }
    for (const db of connections) {
      hooks.delete(db);
      db.close();
    }
    window?.kill();
    died();
  };
  const step = (): void => {
    if (dead) throw new DOMException('The process is gone.', 'UnknownError');
    if (++operations < last) return;
    die();
    throw new DOMException('The process was killed.', 'UnknownError');
  };
  const adopt = (db: IDBDatabase): void => {
    connections.add(db);
    hooks.set(db, step);
    const begin = db.transaction.bind(db);
    db.transaction = (...given: Parameters<IDBDatabase['transaction']>): IDBTransaction => {
      if (dead) throw new DOMException('The process is gone.', 'UnknownError');
      const transaction = begin(...given);
      open.add(transaction);
      for (const event of ['complete', 'abort']) transaction.addEventListener(event, () => open.delete(transaction));
      return transaction;
    };
  };
  const factory = new Proxy(profile.indexedDB, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (key !== 'open' || typeof value !== 'function') return typeof value === 'function' ? value.bind(target) : value;
      return (...given: [string, number?]): IDBOpenDBRequest => {
        if (dead) throw new DOMException('The process is gone.', 'UnknownError');
        const request = target.open(...given);
        request.addEventListener('success', () => adopt(request.result));
        return request;
      };
    },
  });
  window = await profile.window(
    {
      indexedDB: factory,
      fetch: (path, init) => (dead ? Promise.reject(new Error('The process is gone.')) : profile.host.fetch(path, init)),
    },
    (port) => core.start({ storePort: port }),
  );
  return {
    window,
    core,
    operations: () => operations,
    dieAt: (operation) => {
      last = operations + operation;
    },
    die,
    death,
  };
}

/** How the host's stream may be interfered with. */
export interface Interference {
  /** The stream ends (or breaks) once so many bytes were given. */
  cutAt?: number;
  breakOff?: boolean;
  /** Called for every chunk. */
  onChunk?: (bytes: number, cancel: () => void) => void;
  startThread?: StartThread;
}

/** Lets the profile's host import the folder for real. Gives a way to end what is running, as the host's own death does. */
export function importFrom(profile: Profile, folder: string, interference: Interference = {}): () => Promise<void> {
  const running: (() => Promise<void>)[] = [];
  profile.host.importing = async function* (request: ImportRequest) {
    const { stream, cancel } = createImport({
      importId: request.importId,
      caseId: request.caseId,
      sources: [{ path: folder, shown: '/evidence' }],
      known: request.known,
      threadFile: '',
      spoolDir: tmpdir(),
      threads: 2,
      appVersion: '0',
      startThread: interference.startThread ?? inProcess,
    });
    const reader = stream.getReader();
    running.push(() => reader.cancel().catch(() => undefined));
    let given = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        // Small pieces, so that a cut may lie anywhere.
        for (let at = 0; at < value.length; at += 1024) {
          const piece = value.subarray(at, Math.min(value.length, at + 1024));
          const room = (interference.cutAt ?? Number.POSITIVE_INFINITY) - given;
          if (room <= piece.length) {
            if (room > 0) yield piece.slice(0, room);
            if (interference.breakOff) throw new Error('the connection broke');
            return;
          }
          given += piece.length;
          yield piece.slice();
          interference.onChunk?.(given, cancel);
        }
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  };
  return async () => {
    for (const stop of running) await stop();
  };
}

export interface Outcome {
  summary: unknown;
  /** By content, since which of two equal files is the first may differ. */
  files: string[];
}

export async function outcomeOf({ window, core }: Window): Promise<Outcome> {
  const rows = await window.store.ledger();
  return {
    summary: await core.batchEvents(),
    files: rows.map((r) => `${r.sha256} ${r.status} ${r.kind} ${r.records} ${r.unreadableRecords}`).sort(),
  };
}

/**
 * Whatever happened: every file is wholly in or wholly out, sums agree, and nothing is stored that no file refers to. Where files share
 * events, an event counts for one of them only.
 */
export async function checkWhole(
  profile: Profile,
  id: CaseId,
  { window, core }: Window,
  evidence: { sharesEvents: boolean } = { sharesEvents: false },
): Promise<LedgerRow[]> {
  const rows = await window.store.ledger();
  const { answers } = await core.run({
    view: 'check',
    selection: EMPTY_SELECTION,
    asks: [{ ask: 'count' }, { ask: 'facet', column: 'file', limit: 100 }],
  });
  const perFile = new Map(answers[1].values.map((v) => [String(v.value), v.count]));
  const totals = await window.store.ledgerTotals();
  expect(totals.files).toBe(rows.length);
  let events = 0;
  for (const row of rows) {
    if (row.status !== 'imported' && row.status !== 'partial') continue;
    events += row.records;
    if (row.records > 0 && !evidence.sharesEvents) expect([row.path, perFile.get(row.path)]).toEqual([row.path, row.records]);
    if (row.status === 'imported') expect([row.path, hex(await window.store.readOriginal(row.id))]).toEqual([row.path, row.sha256]);
  }
  if (!evidence.sharesEvents) expect(answers[0].events).toBe(events);

  const db = await openCaseDatabase({ indexedDB: profile.indexedDB, IDBKeyRange }, id, 'relaxed');
  try {
    const [commits, vault, segments, ledger, problems, remaps] = await Promise.all([
      db.commits.toArray(),
      db.vault.toArray(),
      db.segments.toArray(),
      db.ledger.toArray(),
      db.problems.toCollection().primaryKeys(),
      db.remaps.toCollection().primaryKeys(),
    ]);
    const seqs = new Set(commits.map((c) => c.seq));
    for (const seq of [...vault, ...segments, ...ledger].map((r) => r.seq).concat(problems, remaps)) expect(seqs.has(seq)).toBe(true);
    expect(vault.map((v) => [v.seq, v.bytes.byteLength])).toEqual(
      commits.filter((c) => c.vaultBytes > 0).map((c) => [c.seq, c.vaultBytes]),
    );
    expect(segments.map((s) => s.seq)).toEqual(commits.filter((c) => c.segment !== null).map((c) => c.seq));
    const stored = ledger.flatMap((l) => l.rows);
    expect(stored.length).toBe(rows.length);
    const referred = new Set(stored.flatMap((r) => r.commits));
    for (const c of commits) if (c.vaultBytes > 0) expect([c.id, referred.has(c.id)]).toEqual([c.id, true]);
    const ids = new Set(commits.map((c) => c.id));
    for (const r of stored) for (const commit of r.commits) expect(ids.has(commit)).toBe(true);
  } finally {
    db.close();
  }
  return rows;
}

export async function newCase(profile: Profile): Promise<{ mortal: Window; id: CaseId }> {
  const mortal = await mortalWindow(profile);
  const { id } = await mortal.window.store.createCase('Killed');
  await mortal.window.store.openCase(id);
  return { mortal, id };
}

export const importAll = ({ window }: Window) => window.store.importGrants(GRANT, () => undefined);
