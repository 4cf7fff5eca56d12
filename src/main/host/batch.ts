/**
 * The host's side of `npm run batch`: the job comes in a file, the page does the work, and what it hands over is written to the
 * files that were asked for. Lines on stderr begin with a mark, so that the script can tell them from the browser's own.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { AppError } from '../../shared/errors.ts';
import type { BatchControl } from './platform.ts';
import { check } from './route.ts';

const JobSchema = v.object({
  paths: v.array(v.string()),
  /** Absolute path. */
  summary: v.string(),
  report: v.nullable(v.object({ format: v.picklist(['html', 'pdf', 'md']), path: v.string() })),
  /** A file of public keys; absolute path. */
  keys: v.optional(v.nullable(v.string()), null),
  /** Milliseconds without a sign of life from the page after which the run has failed. */
  silenceMs: v.number(),
});

export const PROGRESS_MARK = 'trailcase: ';
export const ERROR_MARK = 'trailcase-error: ';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 2000);

export async function createBatch(jobFile: string, exit: (code: number) => void): Promise<BatchControl & { fail(message: string): void }> {
  const job = check(JobSchema, JSON.parse(await readFile(jobFile, 'utf8')), 'batch job');
  const keys = job.keys === null ? null : await readKeys(job.keys);
  const written = new Set<string>();
  let alive = Date.now();
  let ended = false;

  const end = (ok: boolean, message: string | null): void => {
    if (ended) return;
    ended = true;
    clearInterval(watch);
    if (!ok) process.stderr.write(`${ERROR_MARK}${oneLine(message ?? 'The run failed.')}\n`);
    // The answer to the page's last request should leave before the process does.
    setTimeout(() => exit(ok ? 0 : 1), 50);
  };
  const fail = (message: string): void => end(false, message);
  const watch = setInterval(
    () => {
      if (Date.now() - alive > job.silenceMs) fail(`The app gave no sign of life for ${Math.round(job.silenceMs / 1000)} s.`);
    },
    Math.min(1000, job.silenceMs),
  );

  return {
    paths: job.paths,
    report: job.report?.format ?? null,
    keys,
    fail,
    touch() {
      alive = Date.now();
    },
    progress(line) {
      process.stderr.write(`${PROGRESS_MARK}${oneLine(line)}\n`);
    },
    async output(what, body) {
      const target = what === 'summary' ? job.summary : job.report?.path;
      if (!target) throw new AppError('bad-input', 'No report was asked for.');
      const temporary = `${target}.${randomUUID()}.part`;
      try {
        await pipeline(
          body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([]),
          createWriteStream(temporary, { flags: 'wx' }),
        );
        await rename(temporary, target);
      } catch (thrown) {
        await rm(temporary, { force: true });
        throw thrown;
      }
      written.add(what);
    },
    end(ok, message) {
      if (ok && !written.has('summary')) return fail('The run ended without a summary.');
      if (ok && job.report && !written.has('report')) return fail('The run ended without the report.');
      end(ok, message);
    },
  };
}

const MAX_KEY_FILE = 16 * 1024 * 1024;

async function readKeys(path: string): Promise<{ label: string; text: string }> {
  if ((await stat(path)).size > MAX_KEY_FILE) throw new AppError('too-large', `${path} is no file of public keys: it has more than 16 MB.`);
  return { label: basename(path), text: await readFile(path, 'utf8') };
}
