/**
 * Originals read again: an import whose records are thrown away. So containers, refusals and hashes are those of an import, and of
 * what comes out only the ledger rows go to the page.
 */
import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImportId } from '../../shared/brand.ts';
import type { CommitHeader, ImportFrame } from '../../shared/commit.ts';
import { toAppError } from '../../shared/errors.ts';
import { decodeFrames, encodeFrame } from '../../shared/frame.ts';
import type { VerifyRequest } from '../../shared/host.ts';
import type { Grants } from './grants.ts';
import type { ImportSource, Platform } from './platform.ts';

export interface Verifications {
  /** Throws 'forbidden' for a forged grant. The grants are let go of when the stream ends. */
  start(request: VerifyRequest): Promise<ReadableStream<Uint8Array>>;
  close(): Promise<void>;
}

export function createVerifications(platform: Platform, grants: Grants): Verifications {
  const running = new Set<() => Promise<void>>();
  return {
    async start({ caseId, grants: ids, known, paths }) {
      const all = ids.flatMap((id) => grants.get(id).sources);
      const sources = paths === null ? all : await narrowed(all, paths);
      const wanted = paths === null ? null : new Set(paths);
      const importId = randomUUID() as string as ImportId;
      const job = platform.startImport({ importId, caseId, sources, known, spoolDir: join(platform.profileDir, 'spool') });
      const rows = rowsOnly(job.stream, wanted, () => platform.batch?.touch());
      const stop = async (): Promise<void> => {
        if (!running.delete(stop)) return;
        await rows.return(undefined).catch(() => undefined);
        for (const id of ids) await grants.release(id);
      };
      running.add(stop);
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            try {
              const { done, value } = await rows.next();
              if (!done) return controller.enqueue(value);
              await stop();
              controller.close();
            } catch (thrown) {
              await stop();
              controller.error(toAppError(thrown));
            }
          },
          cancel: stop,
        },
        { highWaterMark: 0 },
      );
    },
    async close() {
      for (const stop of [...running]) await stop();
    },
  };
}

async function* rowsOnly(
  stream: ReadableStream<Uint8Array>,
  wanted: ReadonlySet<string> | null,
  touch: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const { header } of decodeFrames(stream)) {
    touch();
    const message = header as Exclude<ImportFrame, { type: 'commit' }> | { type: 'commit'; header: CommitHeader };
    if (message.type !== 'commit') {
      yield* encodeFrame(message);
      continue;
    }
    const files = message.header.files.filter((file) => wanted === null || wanted.has(file.path));
    if (files.length > 0)
      yield* encodeFrame({
        type: 'commit',
        header: { ...message.header, files, blocks: [], originals: [], problems: [], aggregated: [], segment: null },
      });
  }
}

/** The files among what the sources hold that have one of the paths, or are a container of one; nothing outside the sources. */
async function narrowed(sources: readonly ImportSource[], paths: readonly string[]): Promise<ImportSource[]> {
  const found = new Map<string, ImportSource>();
  for (const path of paths) {
    for (const source of sources) {
      const own = path === source.shown || path.startsWith(`${source.shown}!`) ? source : await below(source, path);
      if (own) found.set(own.path, own);
    }
  }
  return [...found.values()];
}

async function below(source: ImportSource, path: string): Promise<ImportSource | null> {
  const separator = source.shown.includes('\\') && !source.shown.includes('/') ? '\\' : '/';
  const top = source.shown.endsWith(separator) ? source.shown : `${source.shown}${separator}`;
  if (!path.startsWith(top) || !(await stat(source.path).catch(() => null))?.isDirectory()) return null;
  const rest = path.slice(top.length);
  // A name may hold a “!” of its own, so that every one of them may be the end of a container's path.
  const ends = [...rest.matchAll(/!/g)].slice(0, MAX_MARKS).map((mark) => mark.index);
  for (const end of [rest.length, ...ends]) {
    const parts = rest.slice(0, end).split(separator);
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) continue;
    const real = join(source.path, ...parts);
    const folder = await realpath(dirname(real)).catch(() => null);
    // Links are not followed: a folder that is one leads out of what was granted.
    if (folder === null || folder !== join(await realpath(source.path), ...parts.slice(0, -1))) continue;
    if ((await stat(real).catch(() => null))?.isFile()) return { path: real, shown: top + rest.slice(0, end) };
  }
  return null;
}

const MAX_MARKS = 32;
