/**
 * What people typed, outside the browser's storage: one append-only NDJSON file per case, synced at every append. Beside it, in a
 * file that no route writes to, the absolute roots of the case's imports: a page that could name them could read any path.
 */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import type { CaseId, ImportId } from '../../shared/brand.ts';
import { AppError } from '../../shared/errors.ts';
import type { LostRoot } from '../../shared/host.ts';
import { writeAll } from './spool.ts';

export const MAX_JOURNAL_BODY = 64 * 1024 * 1024;

const EntrySchema = v.object({
  version: v.literal(1),
  at: v.number(),
  appVersion: v.string(),
  kind: v.picklist(['case', 'import', 'file', 'note', 'star', 'citation', 'keys', 'custody', 'verification', 'reportTree', 'audit']),
  id: v.string(),
  data: v.unknown(),
});

const RootsSchema = v.object({
  at: v.number(),
  importId: v.string(),
  roots: v.array(v.object({ label: v.string(), path: v.nullable(v.string()) })),
});

export interface ImportRoot {
  label: string;
  /** Null for what had no path: pasted, or dropped on a browser. */
  path: string | null;
}

export interface JournalFact {
  caseId: CaseId;
  entries: number;
  bytes: number;
  changedAt: number;
}

export interface Journals {
  list(): Promise<JournalFact[]>;
  /** NDJSON as it lies on disk: a kill may have cut off a line. Throws 'not-found' when the case has none. */
  read(caseId: string): Promise<ReadableStream<Uint8Array>>;
  /** Appends whole lines and syncs. Throws 'bad-input', and writes nothing, when a line is not a JournalEntry. */
  append(caseId: string, text: string): Promise<void>;
  remove(caseId: string): Promise<void>;
  noteRoots(caseId: CaseId, importId: ImportId, roots: ImportRoot[], at: number): Promise<void>;
  /** Each root once, in the order of the imports. */
  roots(caseId: string): Promise<ImportRoot[]>;
  /** Of every import, the roots that have no path or are not there. */
  lostRoots(caseId: string): Promise<LostRoot[]>;
}

// The prefix keeps ids away from names that Windows reserves.
const journalName = (caseId: string): string => `case-${caseId}.ndjson`;
const rootsName = (caseId: string): string => `roots-${caseId}.ndjson`;

export async function createJournals(profileDir: string, trash: ((path: string) => Promise<void>) | null): Promise<Journals> {
  const dir = join(profileDir, 'journals');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const queues = new Map<string, Promise<void>>();

  /** Appends to one file happen one after another, so that lines never mix. */
  const inOrder = (name: string, work: () => Promise<void>): Promise<void> => {
    const run = (queues.get(name) ?? Promise.resolve()).then(work, work);
    const settled = run.catch(() => undefined);
    queues.set(name, settled);
    void settled.then(() => queues.get(name) === settled && queues.delete(name));
    return run;
  };

  const discard = async (name: string): Promise<void> => {
    const path = join(dir, name);
    if (!(await exists(path))) return;
    if (trash) {
      try {
        await trash(path);
        return;
      } catch {
        // A system without a trash: the profile's own.
      }
    }
    const bin = join(profileDir, 'trash');
    await mkdir(bin, { recursive: true, mode: 0o700 });
    await rename(path, join(bin, `${Date.now()}-${name}`));
  };

  return {
    async list() {
      const facts: JournalFact[] = [];
      for (const name of await readdir(dir)) {
        const caseId = /^case-([A-Za-z0-9_-]{1,80})\.ndjson$/.exec(name)?.[1];
        if (!caseId) continue;
        const { size, mtimeMs } = await stat(join(dir, name));
        facts.push({ caseId: caseId as CaseId, entries: await countLines(join(dir, name)), bytes: size, changedAt: Math.round(mtimeMs) });
      }
      return facts;
    },
    async read(caseId) {
      const path = join(dir, journalName(caseId));
      if (!(await exists(path))) throw new AppError('not-found', 'This case has no journal.');
      return Readable.toWeb(createReadStream(path, { highWaterMark: 256 * 1024 })) as ReadableStream<Uint8Array>;
    },
    async append(caseId, text) {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      if (lines.length === 0) throw new AppError('bad-input', 'There is nothing to append to the journal.');
      lines.forEach((line, i) => {
        let entry: unknown;
        try {
          entry = JSON.parse(line);
        } catch {
          throw new AppError('bad-input', `Line ${i + 1} of the journal entries is not JSON.`);
        }
        if (!v.is(EntrySchema, entry)) throw new AppError('bad-input', `Line ${i + 1} is not a journal entry.`);
      });
      const name = journalName(caseId);
      await inOrder(name, () => appendSynced(join(dir, name), `${lines.join('\n')}\n`));
    },
    async remove(caseId) {
      for (const name of [journalName(caseId), rootsName(caseId)]) await inOrder(name, () => discard(name));
    },
    noteRoots(caseId, importId, roots, at) {
      const name = rootsName(caseId);
      return inOrder(name, () => appendSynced(join(dir, name), `${JSON.stringify({ at, importId, roots })}\n`));
    },
    async lostRoots(caseId) {
      const text = await readFile(join(dir, rootsName(caseId)), 'utf8').catch(() => '');
      const there = new Map<string, boolean>();
      const lost: LostRoot[] = [];
      for (const line of text.split('\n')) {
        const entry = parseRoots(line);
        for (const { label, path } of entry?.roots ?? []) {
          if (path !== null && !there.has(path)) there.set(path, await exists(path));
          if (path === null || !there.get(path)) lost.push({ importId: entry?.importId as ImportId, label, path });
        }
      }
      return lost;
    },
    async roots(caseId) {
      const text = await readFile(join(dir, rootsName(caseId)), 'utf8').catch(() => '');
      const seen = new Map<string, ImportRoot>();
      for (const line of text.split('\n')) {
        const entry = parseRoots(line);
        for (const root of entry?.roots ?? []) seen.set(root.path ?? `label:${root.label}`, root);
      }
      return [...seen.values()];
    },
  };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function parseRoots(line: string): v.InferOutput<typeof RootsSchema> | null {
  try {
    const result = v.safeParse(RootsSchema, JSON.parse(line));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** A line that an earlier kill cut off is closed first, so that it cannot swallow the next one. */
async function appendSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    let start = '';
    if (size > 0) {
      const last = Buffer.alloc(1);
      await handle.read(last, 0, 1, size - 1);
      if (last[0] !== 10) start = '\n';
    }
    await writeAll(handle, new TextEncoder().encode(start + text));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function countLines(path: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
  }
  return lines;
}
