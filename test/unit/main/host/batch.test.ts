import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBatch } from '../../../../src/main/host/batch.ts';

let dir: string;
let said: string[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trailcase-batch-test-'));
  said = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true });
});

async function batch(job: object = {}): Promise<{ control: Awaited<ReturnType<typeof createBatch>>; ended: Promise<number> }> {
  const file = join(dir, 'job.json');
  await writeFile(file, JSON.stringify({ paths: ['/x'], summary: join(dir, 'summary.json'), report: null, silenceMs: 60_000, ...job }));
  let exit: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    exit = resolve;
  });
  return { control: await createBatch(file, exit), ended };
}
const stream = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();

describe('a batch run', () => {
  it('ends with 0 once what was asked for is written', async () => {
    const { control, ended } = await batch({ report: { format: 'md', path: join(dir, 'report.md') } });
    await control.output('summary', stream('{}'));
    await control.output('report', stream('# Report'));
    control.end(true, null);
    expect(await ended).toBe(0);
    expect(await readFile(join(dir, 'report.md'), 'utf8')).toBe('# Report');
    expect((await readdir(dir)).sort()).toEqual(['job.json', 'report.md', 'summary.json']);
    expect(said).toEqual([]);
  });

  it.each([
    [{}, [], 'The run ended without a summary.'],
    [{ report: { format: 'md', path: '/nowhere/r.md' } }, ['summary'], 'The run ended without the report.'],
  ] as const)('that says it is done and is not has failed', async (job, outputs, message) => {
    const { control, ended } = await batch(job);
    for (const what of outputs) await control.output(what, stream('{}'));
    control.end(true, null);
    expect(await ended).toBe(1);
    expect(said).toEqual([`trailcase-error: ${message}\n`]);
  });

  it('fails once, with one line', async () => {
    const { control, ended } = await batch();
    control.end(false, 'first\nreason');
    control.fail('second reason');
    expect(await ended).toBe(1);
    expect(said).toEqual(['trailcase-error: first reason\n']);
  });

  it('fails when the page stays silent', async () => {
    const { ended } = await batch({ silenceMs: 20 });
    expect(await ended).toBe(1);
    expect(said[0]).toContain('no sign of life');
  });

  it('writes a report to nowhere but where it was asked to', async () => {
    const { control } = await batch();
    await expect(control.output('report', stream('x'))).rejects.toMatchObject({ kind: 'bad-input' });
    control.end(false, 'over');
  });

  it('refuses a malformed job', async () => {
    await expect(batch({ paths: 'x' })).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(batch({ report: { format: 'exe', path: 'x' } })).rejects.toMatchObject({ kind: 'bad-input' });
  });
});
