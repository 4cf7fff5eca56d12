/** Fuzzes whole files: many at a time through the import as the host runs it, each judged by itself. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Imported, runImport as runHere } from '../../unit/main/import/run-import.ts';
import { checkImport, Wrong } from './oracle.ts';
import { failure, INPUT_MS, kept, type Random, randomOf, tell, times } from './seeds.ts';

const BATCH = 200;

export interface FileFuzz {
  reader: string;
  count: number;
  make: (random: Random, index: number) => Buffer;
  /** What this kind of input must hold besides; throws. */
  also?: (input: Buffer, of: { path: string; imported: Imported }) => void;
  /** Another instance of the import than the usual one. */
  run?: typeof runHere;
}

export async function fuzzFiles({ reader, count, make, also, run = runHere }: FileFuzz): Promise<void> {
  const startedAt = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-fuzz-'));
  const regressions = kept(reader);
  const total = times(count);
  const outcomes: Record<string, number> = {};
  try {
    for (let from = -regressions.length; from < total; from += BATCH) {
      const batch = join(folder, String(from));
      mkdirSync(batch);
      const indexes = Array.from({ length: Math.min(BATCH, total - from) }, (_, i) => from + i);
      const paths = indexes.map((index) => {
        const path = join(batch, String(index));
        writeFileSync(path, index < 0 ? regressions[index + regressions.length].bytes : make(randomOf(reader, index), index));
        return path;
      });
      const found = await judge(paths, run, also, outcomes);
      if (found !== null) {
        const index = Number(found.path.slice(batch.length + 1).split('!')[0]);
        throw failure(reader, index, readFileSync(join(batch, String(index))), found.cause);
      }
      rmSync(batch, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  tell(reader, total + regressions.length, startedAt, outcomes);
}

/** The first file that is wrong, or that makes the import fail; null when all is well. */
async function judge(
  paths: string[],
  run: typeof runHere,
  also: FileFuzz['also'],
  outcomes: Record<string, number>,
): Promise<{ path: string; cause: unknown } | null> {
  const startedAt = Date.now();
  try {
    const imported = await inTime(run(paths, { threads: 1 }));
    await checkImport(imported, paths);
    for (const { status } of imported.files) outcomes[status] = (outcomes[status] ?? 0) + 1;
    for (const path of paths) {
      try {
        also?.(readFileSync(path), { path, imported });
      } catch (thrown) {
        return { path, cause: thrown };
      }
    }
    if (Date.now() - startedAt > INPUT_MS) throw new Error(`the import took ${Date.now() - startedAt} ms`);
    return null;
  } catch (thrown) {
    if (paths.length === 1) return { path: paths[0], cause: thrown };
    // Alone, so that the file at fault is the one that is named.
    for (const path of paths) {
      const found = await judge([path], run, also, outcomes);
      if (found !== null) return found;
    }
    if (thrown instanceof Wrong) return { path: thrown.path, cause: thrown };
    throw thrown;
  }
}

/** An import that stands still is a failure like any other. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the import stood still for ${INPUT_MS} ms`)), INPUT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
