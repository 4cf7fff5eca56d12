/** The import as the host runs it: repetition, stages, cancelling, aborting, and threads that a file kills. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import yazl from 'yazl';
import { createImport } from '../../../../src/main/host/import/index.ts';
import type { StartThread } from '../../../../src/main/host/import/thread.ts';
import type { CaseId, ImportId } from '../../../../src/shared/brand.ts';
import { bundle } from '../../../bench/run.mjs';
import { blockBytes, inProcess, recordText, runImport } from './run-import.ts';

let dir: string;
let threadFile: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'trailcase-import-'));
  await bundle(join(dir, 'built'), { 'ingest-thread': 'src/main/ingest-thread.ts' });
  threadFile = join(dir, 'built', 'ingest-thread.mjs');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const record = (n: number, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    eventVersion: '1.08',
    userIdentity: { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
    eventTime: new Date(1_772_442_000_000 + n * 1000).toISOString().replace('.000', ''),
    eventSource: 's3.amazonaws.com',
    eventName: `Call${n % 7}`,
    eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    ...more,
  });
const trail = (from: number, to: number, more?: Record<string, unknown>): string =>
  `{"Records":[${Array.from({ length: to - from }, (_, i) => record(from + i, more)).join(',')}]}`;
function write(name: string, bytes: string | Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

describe('repetition', () => {
  it('reads the same bytes once in an import, and not at all when the case holds them', async () => {
    const bytes = gzipSync(trail(0, 5));
    const paths = [write('a.json.gz', bytes), write('b.json.gz', bytes)];
    const first = await runImport(paths, { threads: 1 });
    expect(first.rows).toHaveLength(5);
    expect(first.file('a.json.gz')).toMatchObject({
      status: 'imported',
      records: 5,
      sha256: sha256(bytes),
      sha256Unpacked: sha256(trail(0, 5)),
    });
    expect(first.file('b.json.gz')).toMatchObject({
      status: 'repeated',
      records: 0,
      reason: `The same bytes as ${paths[0]}, which this import read.`,
    });
    expect(first.progress).toMatchObject({ filesFound: 2, filesDone: 2, filesRepeated: 1, records: 5, walking: false });
    const again = await runImport(paths, { known: [sha256(bytes)] });
    expect(again.rows).toHaveLength(0);
    expect(again.files.map((f) => f.reason)).toEqual(Array(2).fill('The case already holds a file with the same bytes.'));
  });
});

describe('large files', () => {
  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
  ])('%s: stages whose blocks tile the file, and every record in its place', async (container, pack) => {
    const text = trail(0, 70_000, { userAgent: 'é'.repeat(20) });
    const found = pack(text);
    const path = write(`large-${container}.json`, found);
    const imported = await runImport([path]);
    const file = imported.file(path);
    expect(file).toMatchObject({
      container,
      status: 'imported',
      records: 70_000,
      reason: null,
      sha256: sha256(found),
      sha256Unpacked: sha256(text),
      unpackedSize: Buffer.byteLength(text),
    });
    const stages = imported.commits.map((c) => c.header).filter((h) => h.stage !== null);
    expect(stages.length).toBeGreaterThan(1);
    expect(stages.map((h) => [h.stage?.index, h.stage?.last, h.files.length])).toEqual(
      stages.map((_, i) => [i, i === stages.length - 1, i === stages.length - 1 ? 1 : 0]),
    );
    const pieces: Buffer[] = [];
    for (let c = 0; c < imported.commits.length; c++)
      for (let b = 0; b < imported.commits[c].header.blocks.length; b++) pieces.push(await blockBytes(imported, c, b));
    expect(Buffer.concat(pieces).equals(Buffer.from(text))).toBe(true);
    expect(imported.rows.map((r) => r.recordNumber)).toEqual(Array.from({ length: 70_000 }, (_, i) => i));
    for (const n of [0, 1, 65_535, 65_536, 69_999]) {
      const raw = await recordText(imported, imported.rows[n]);
      expect(JSON.parse(raw).eventID).toBe(imported.rows[n].id);
    }
    const originals = imported.commits.flatMap(({ header, vault }) => header.originals.map((o) => Buffer.from(vault, o.offset, o.length)));
    expect(Buffer.concat(originals).equals(container === 'gzip' ? found : Buffer.alloc(0))).toBe(true);
  });

  it('are counted once, however quick the last news of them came before their rows', async () => {
    // Once a stage is in, the clock stands: whatever news is held back for being too soon does not come.
    let now = 1_772_442_000_000;
    let step = 150;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += step));
    try {
      const stood = (): void => {
        step = 0;
      };
      const imported = await runImport([write('counted.json', trail(0, 90_000))], { threads: 1, onCommit: stood });
      expect(imported.progress).toMatchObject({ filesDone: 1, records: 90_000 });
    } finally {
      clock.mockRestore();
    }
  });

  it('cancelled in the middle: nothing of the file, a row that says so, and what was whole stays', async () => {
    const small = write('whole.json', trail(0, 3));
    const large = write('cancelled.json', trail(0, 150_000));
    const imported = await runImport([small, large], { threads: 1, onCommit: (header, cancel) => header.stage && cancel() });
    expect(imported.cancelled).toBe(true);
    expect(imported.file('whole.json').status).toBe('imported');
    expect(imported.file('cancelled.json').status).toBe('cancelled');
    expect(imported.commits.some((c) => c.header.stage?.last)).toBe(false);
    expect(imported.rows).toHaveLength(3);
  });
});

describe('the stream', () => {
  it('gives a row to every file found when it is cancelled at once', async () => {
    const paths = Array.from({ length: 300 }, (_, i) => write(`many-${i}.json`, trail(i, i + 1)));
    const imported = await runImport(paths, { threads: 1, onStart: (cancel) => setImmediate(cancel) });
    expect(imported.cancelled).toBe(true);
    expect(imported.files.length).toBe(imported.progress.filesFound);
    expect(imported.files.every((f) => f.status === 'imported' || f.status === 'cancelled')).toBe(true);
    expect(imported.progress.filesDone).toBe(imported.files.filter((f) => f.status === 'imported').length);
  });

  it('gives a row to a zip whose listing was cut short by a cancel', async () => {
    const zip = new yazl.ZipFile();
    for (let i = 0; i < 200; i++) zip.addBuffer(Buffer.from(trail(i, i + 1)), `${i}.json`);
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    const path = write('cut-short.zip', Buffer.concat(chunks));
    let cancel = (): void => undefined;
    const cancelling: StartThread = (setup, events) => {
      const thread = inProcess(setup, events);
      const send: typeof thread.send = (message) => {
        if (message.type === 'run' && message.jobs.some((job) => job.member !== null)) cancel();
        thread.send(message);
      };
      return { ...thread, send };
    };
    const onStart = (stop: () => void): void => {
      cancel = stop;
    };
    const imported = await runImport([path], { threads: 1, maxWaiting: 0, startThread: cancelling, onStart });
    expect(imported.file('cut-short.zip')).toMatchObject({ kind: 'zip', status: 'cancelled', records: 0 });
    expect(imported.files.length).toBe(imported.progress.filesFound);
    expect(imported.files.length).toBeLessThan(200);
  });

  it('ends everything when it is aborted', async () => {
    let stopped = 0;
    const counting: StartThread = (setup, events) => {
      const thread = inProcess(setup, events);
      const stop = async (): Promise<void> => {
        stopped++;
        await thread.stop();
      };
      return { ...thread, stop };
    };
    const { stream } = createImport({
      importId: 'i' as ImportId,
      caseId: 'c' as CaseId,
      sources: [{ path: write('aborted.json', trail(0, 50_000)), shown: 'x' }],
      known: [],
      spoolDir: tmpdir(),
      threadFile: '',
      threads: 2,
      appVersion: '0',
      startThread: counting,
    });
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    expect(stopped).toBeGreaterThanOrEqual(2);
  });

  it('carries chunks of a size that suits the pipe', async () => {
    const imported = await runImport([write('chunks.json', trail(0, 60_000))]);
    const bytes = imported.chunks.reduce((a, b) => a + b, 0);
    expect(Math.max(...imported.chunks)).toBeLessThanOrEqual(1024 * 1024);
    expect(imported.chunks.filter((c) => c >= 256 * 1024).reduce((a, b) => a + b, 0)).toBeGreaterThan(bytes * 0.8);
  });
});

describe('a paused import', () => {
  const many = (name: string): string => {
    const folder = mkdtempSync(join(dir, `${name}-`));
    for (let i = 0; i < 60; i++) writeFileSync(join(folder, `${i}.json`), trail(i * 100, i * 100 + 100));
    writeFileSync(join(folder, 'large.json'), trail(10_000, 60_000));
    return folder;
  };
  /** Pauses at the first commit; `then` is called when nothing has come for a while. */
  const paused = async (
    folder: string,
    then: (cancel: () => void, pause: (reason: string | null) => void) => void,
    withWorkers: boolean,
  ) => {
    let act = (): void => undefined;
    let stop = (): void => undefined;
    const counts: number[] = [];
    let commits = 0;
    const imported = await runImport([folder], {
      ...(withWorkers ? { threadFile } : {}),
      onStart: (cancel, pause) => {
        stop = () => pause('Paused for lunch.');
        act = () => then(cancel, pause);
      },
      onCommit: () => {
        if (commits++ === 0) stop();
      },
      onProgress: (p) => {
        if (p.paused !== 'Paused for lunch.') return;
        counts.push(p.filesDone + p.records);
        if (counts.length === 6) act();
      },
    });
    return { imported, counts };
  };

  it.each([true, false])('reads nothing, says why, and reads the rest when it is resumed (worker threads: %s)', async (workers) => {
    const { imported, counts } = await paused(many('resumed'), (_, pause) => pause(null), workers);
    expect(counts.slice(3)).toEqual([counts[3], counts[3], counts[3]]);
    expect(counts[3]).toBeLessThan(56_000);
    expect(imported.rows).toHaveLength(56_000);
    expect(imported.progress.paused).toBeNull();
  });

  it('is cancelled: what was whole stays, and every file has a row', async () => {
    const { imported } = await paused(many('cancelled'), (cancel) => cancel(), true);
    expect(imported.cancelled).toBe(true);
    expect(imported.files).toHaveLength(61);
    expect(imported.rows.length).toBe(imported.files.reduce((sum, f) => sum + f.records, 0));
    const read = imported.files.filter((f) => f.status !== 'cancelled');
    expect(read.length).toBeLessThan(61);
    expect(imported.progress).toMatchObject({ filesFound: 61, filesDone: read.length, records: imported.rows.length });
  });

  it('of a tar in gzip waits with its members', async () => {
    const folder = many('packed');
    const path = join(dir, 'paused.tgz');
    execFileSync('tar', ['-czf', path, '-C', folder, '.']);
    const { imported, counts } = await paused(path, (_, pause) => pause(null), false);
    expect(counts[5]).toBe(counts[3]);
    expect(imported.rows).toHaveLength(56_000);
  });
});

describe('threads', () => {
  it('real worker threads give what the core gives', async () => {
    const paths = Array.from({ length: 40 }, (_, i) => write(`worker-${i}.json.gz`, gzipSync(trail(i * 100, i * 100 + 100))));
    const imported = await runImport(paths, { threadFile, threads: 2 });
    expect(imported.rows).toHaveLength(4000);
    expect(new Set(imported.rows.map((r) => r.id)).size).toBe(4000);
    expect(imported.files.every((f) => f.status === 'imported')).toBe(true);
  });

  it('a file that kills its thread gets a row, and no other file is lost', async () => {
    const deadly = write('deadly.json', trail(900, 901));
    const paths = [...Array.from({ length: 20 }, (_, i) => write(`beside-${i}.json`, trail(i, i + 1))), deadly];
    const mortal: StartThread = (setup, events) => {
      const thread = inProcess(setup, events);
      return {
        ...thread,
        send(message) {
          const index = message.type === 'run' ? message.jobs.findIndex((j) => j.path === deadly) : -1;
          if (message.type !== 'run' || index === -1) return thread.send(message);
          thread.send({ ...message, jobs: message.jobs.slice(0, index) });
          setTimeout(() => {
            void thread.stop();
            Atomics.store(new Int32Array(setup.control), 1, message.jobs[index].seq);
            events.died(Object.assign(new Error('out of memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
          }, 20);
        },
      };
    };
    const imported = await runImport(paths, { startThread: mortal });
    expect(imported.file('deadly.json')).toMatchObject({ status: 'rejected', sha256: sha256(readFileSync(deadly)) });
    expect(imported.file('deadly.json').reason).toMatch(/memory/);
    expect(imported.rows).toHaveLength(20);
    expect(imported.files).toHaveLength(21);
  });
});
