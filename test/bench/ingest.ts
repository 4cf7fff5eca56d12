/**
 * Speed of the host's half of an import, in plain Node and without a store: files of the generator through `createImport`, every
 * frame read and thrown away. Beside it, the same files by one thread with gunzip and `JSON.parse` alone.
 * Run: `npm run bench -- …` for the whole app; this one by itself: `node test/bench/run.mjs ingest [--events N] [--per-file N]`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createImport } from '../../src/main/host/import/index.ts';
import type { CaseId, ImportId } from '../../src/shared/brand.ts';
import type { ImportFrame } from '../../src/shared/commit.ts';
import { decodeFrames } from '../../src/shared/frame.ts';

export interface Measured {
  files: number;
  events: number;
  seconds: number;
  firstCommitSeconds: number;
  bytesPerEvent: number;
  vaultBytes: number;
}

/** Imports a folder and reads the stream to its end. */
export async function measureImport(folder: string, threadFile: string, threads: number): Promise<Measured> {
  const started = performance.now();
  const { stream } = createImport({
    importId: 'bench' as ImportId,
    caseId: 'bench' as CaseId,
    sources: [{ path: folder, shown: folder }],
    known: [],
    spoolDir: tmpdir(),
    threadFile,
    threads,
    appVersion: 'bench',
  });
  const measured: Measured = { files: 0, events: 0, seconds: 0, firstCommitSeconds: 0, bytesPerEvent: 0, vaultBytes: 0 };
  let segmentBytes = 0;
  for await (const frame of decodeFrames(stream)) {
    const message = frame.header as ImportFrame;
    if (message.type !== 'commit') continue;
    if (measured.events === 0) measured.firstCommitSeconds = (performance.now() - started) / 1000;
    measured.files += message.header.files.length;
    measured.events += message.header.segment?.rows ?? 0;
    segmentBytes += frame.buffers[0].byteLength;
    measured.vaultBytes += frame.buffers[1].byteLength;
  }
  measured.seconds = (performance.now() - started) / 1000;
  measured.bytesPerEvent = segmentBytes / Math.max(1, measured.events);
  return measured;
}

/** Events a second of one thread that only unpacks and parses. */
export function measureBaseline(folder: string): { events: number; seconds: number } {
  const started = performance.now();
  let events = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.json.gz')) continue;
    const text = gunzipSync(readFileSync(join(entry.parentPath, entry.name))).toString();
    events += (JSON.parse(text) as { Records: unknown[] }).Records.length;
  }
  return { events, seconds: (performance.now() - started) / 1000 };
}

export async function main(threadFile: string, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      events: { type: 'string', default: '400000' },
      'per-file': { type: 'string', default: '2000' },
      folder: { type: 'string' },
      threads: { type: 'string', default: String(Math.max(2, availableParallelism())) },
    },
  });
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'trailcase-bench-'));
  try {
    if (!values.folder) {
      const { generateBulk } = await import('../../scripts/generate/bulk.mjs');
      await generateBulk({ out: folder, events: Number(values.events), perFile: Number(values['per-file']), seed: 1 });
    }
    const base = measureBaseline(folder);
    console.log(`gunzip + JSON.parse, 1 thread: ${Math.round(base.events / base.seconds)} events/s`);
    for (let run = 0; run < 3; run++) {
      const m = await measureImport(folder, threadFile, Number(values.threads));
      console.log(
        `import, ${values.threads} threads: ${m.events} events in ${m.files} files, ${m.seconds.toFixed(2)} s: ${Math.round(m.events / m.seconds)} events/s, ` +
          `${Math.round(m.files / m.seconds)} files/s, first commit ${m.firstCommitSeconds.toFixed(2)} s, ${m.bytesPerEvent.toFixed(0)} bytes an event in segments`,
      );
    }
  } finally {
    if (!values.folder) rmSync(folder, { recursive: true, force: true });
  }
}
