import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/engine/client/index.ts';
import { runBatch } from '../../../../src/renderer/batch/index.ts';
import { isoTime } from '../../../../src/renderer/batch/summary.ts';
import type { BatchSummary } from '../../../../src/shared/batch.ts';
import { epochMs, type GrantId } from '../../../../src/shared/brand.ts';
import { AppError } from '../../../../src/shared/errors.ts';
import type { BatchJob } from '../../../../src/shared/host.ts';
import type { EvidenceFile } from '../../../../src/shared/ledger.ts';
import { CASE_ID, fakeEngine } from '../../engine/report/fake-engine.ts';

interface Run {
  summary: BatchSummary | null;
  report: string | null;
  end: { ok: boolean; message: string | null } | null;
  lines: string[];
  imported: string[];
}

async function batch(files: Partial<EvidenceFile>[], job: Partial<BatchJob> = {}, fail?: string): Promise<Run> {
  const run: Run = { summary: null, report: null, end: null, lines: [], imported: [] };
  const base = fakeEngine({ events: [{ time: '2026-03-02T09:00:00Z', values: { eventName: 'X' } }], files });
  const engine = {
    ...base,
    store: {
      ...base.store,
      createCase: async (name: string) => ({ id: CASE_ID, name, createdAt: epochMs(0) }),
      openCase: async () => ({}),
      addKeys: async (label: string) => {
        throw new AppError('bad-input', `No keys in ${label}`);
      },
      importGrants: async (grants: { label: string }[], onProgress: (p: object) => void) => {
        if (fail) throw new AppError('storage', fail);
        run.imported = grants.map((g) => g.label);
        onProgress({ filesDone: 0, filesFound: 1, walking: true, records: 0 });
        return { run: { status: 'done', reason: null }, progress: { records: 500 }, cancelled: false };
      },
    },
  } as unknown as Engine;
  const host = async (path: string, init?: RequestInit): Promise<Response> => {
    const body = init?.body === undefined ? '' : await new Response(init.body).text();
    if (path === '/api/batch') {
      const grants = [{ id: 'g' as GrantId, label: 'evidence', kind: 'folder' as const }];
      return Response.json({ grants, summary: true, report: null, keys: null, ...job });
    }
    if (path === '/api/batch/progress') run.lines.push(JSON.parse(body).line);
    if (path === '/api/batch/output?what=summary') run.summary = JSON.parse(body);
    if (path === '/api/batch/output?what=report') run.report = body;
    if (path === '/api/batch/end') run.end = JSON.parse(body);
    return Response.json({});
  };
  await runBatch(engine, host, async (html) => `PDF of ${html.length}`);
  return run;
}

describe('a batch run', () => {
  it('imports what was named and writes the summary', async () => {
    const run = await batch([
      {
        path: '/e/a.json.gz',
        records: 2,
        size: 100,
        firstTime: epochMs(Date.UTC(2026, 2, 2, 9)),
        lastTime: epochMs(Date.UTC(2026, 2, 2, 9) + 5),
      },
      { path: '/e/b.txt', status: 'rejected', kind: 'text', records: 0, size: 11, reason: 'It is plain text.', sha256Unpacked: null },
      { path: '/e/c.json.gz', status: 'repeated' },
    ]);
    expect(run.imported).toEqual(['evidence']);
    expect(run.end).toEqual({ ok: true, message: null });
    expect(run.summary).toMatchObject({
      app: 'trailcase',
      version: '0.1.0',
      host: 'web',
      evidence: { files: 3, imported: 1, partial: 0, repeated: 1, rejected: 1, withoutEvents: 0, bytes: 100 + 11 + 1234 },
      credentials: { issuedTemporary: 0, issuedLongTerm: 0, usedLater: 0, list: [] },
      detections: null,
      integrity: {
        digests: { signed: 0, hashLinked: 0, unverified: 0, invalid: 0, missing: 0 },
        logs: { matchSigned: 0, matchUnsigned: 0, mismatch: 0, missing: 0, extra: 0, undigested: 2 },
        keysFrom: null,
        gaps: [],
      },
      coverage: [
        {
          account: null,
          region: null,
          firstTime: '2026-03-02T09:00:00Z',
          lastTime: '2026-03-02T09:00:00Z',
          hours: 1,
          hoursWithEvents: 1,
          hoursSilent: 0,
        },
      ],
      query: null,
    });
    expect(Object.keys(run.summary?.evidence.list[0] ?? {})).toEqual(
      'path container sha256 sha256Unpacked kind status reason records unreadableRecords firstTime lastTime'.split(' '),
    );
    expect(run.summary?.evidence.list[0]).toMatchObject({ firstTime: '2026-03-02T09:00:00Z', lastTime: '2026-03-02T09:00:00.005Z' });
    expect(run.summary?.notRun.map((n) => n.section)).toEqual(['detections', 'query']);
    expect(run.summary?.notRun.every((n) => n.reason.length > 20)).toBe(true);
    expect(run.lines[0]).toBe('0 of at least 1 files, 0 records');
  });

  it('hands the keys over before the import', async () => {
    const run = await batch([{}], { keys: { label: 'keys.json', text: '{"PublicKeyList":[]}' } });
    expect(run.end).toEqual({ ok: false, message: 'No keys in keys.json' });
    expect(run.imported).toEqual([]);
  });

  it('fails with the first reason when nothing could be imported, but still writes the summary', async () => {
    const run = await batch([{ path: '/e/b.txt', status: 'rejected', reason: 'It is plain text.' }], { report: 'html' });
    expect(run.end).toEqual({ ok: false, message: 'The one file could not be imported: /e/b.txt: It is plain text.' });
    expect(run.summary).not.toBeNull();
    expect(run.report).toBeNull();
  });

  it('is content with a file without events', async () => {
    expect((await batch([{ status: 'withoutEvents', records: 0 }])).end?.ok).toBe(true);
  });

  it('writes the report in the form asked for', async () => {
    expect((await batch([{}], { report: 'html' })).report).toMatch(/^<!DOCTYPE html>/);
    expect((await batch([{}], { report: 'md' })).report).toMatch(/^# evidence/);
    expect((await batch([{}], { report: 'pdf' })).report).toMatch(/^PDF of \d+/);
  });

  it('tells the host when the import throws', async () => {
    expect((await batch([{}], {}, 'The disk is full.')).end).toEqual({ ok: false, message: 'The disk is full.' });
  });

  it('writes times as CloudTrail does', () => {
    expect(isoTime(null)).toBeNull();
    expect(isoTime(epochMs(Number.NaN))).toBeNull();
    expect(isoTime(epochMs(0))).toBe('1970-01-01T00:00:00Z');
  });
});
