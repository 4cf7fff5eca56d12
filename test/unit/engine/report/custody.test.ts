/** Chain of custody in the report and in the ledger's files: stated, withdrawn, verified again; and `sha256sum --check` takes the list. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectReport } from '../../../../src/engine/report/collect.ts';
import { renderHtml } from '../../../../src/engine/report/html.ts';
import { ledgerCsv, sha256sumList } from '../../../../src/engine/report/manifest.ts';
import { renderMarkdown } from '../../../../src/engine/report/markdown.ts';
import { ALL_PARTS } from '../../../../src/engine/report/model.ts';
import { type EventKey, epochMs, type ImportId } from '../../../../src/shared/brand.ts';
import type { ImportRun } from '../../../../src/shared/case.ts';
import { type CustodyBook, NO_CUSTODY, type Verification } from '../../../../src/shared/custody.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { fakeEngine, fakeFile, sha256 } from './fake-engine.ts';

const AT = epochMs(Date.UTC(2026, 2, 5, 10));
const RUN: ImportRun = {
  id: 'import-1' as ImportId,
  startedAt: AT,
  endedAt: AT,
  roots: ['/evidence'],
  status: 'done',
  files: 2,
  records: 2,
  reason: null,
};
const CUSTODY: CustodyBook = {
  ofCase: { ...NO_CUSTODY, collectedBy: 'A. <b>Responder</b>', method: 'aws s3 sync' },
  imports: { [RUN.id]: { ...NO_CUSTODY, seal: '=4711', method: 'disk image | E01' } },
};
const was = {
  status: 'imported' as const,
  reason: null,
  records: 9,
  aggregatedRecords: 0,
  unreadableRecords: 0,
  firstTime: null,
  lastTime: null,
};
const none = { unchanged: 0, changed: 0, missing: 0, unreadable: 0, notVerifiable: 0 };
const VERIFIED: Verification = {
  id: 'v',
  startedAt: AT,
  endedAt: AT,
  appVersion: '9.9.9',
  cancelled: false,
  only: null,
  chosen: [],
  disk: { ...none, unchanged: 5, changed: 1, notVerifiable: 2 },
  case: { ...none, unchanged: 8 },
  elsewhere: 0,
  notInLedger: 1,
  notVerifiable: [{ place: 'disk', reason: 'It has no path.', files: 2 }],
  findings: [
    {
      place: 'disk',
      outcome: 'changed',
      ledgerId: 1,
      path: '/evidence/<img src=x>.json',
      sha256: sha256('old'),
      size: 10,
      modified: AT,
      found: { sha256: sha256('new'), size: 11, modified: epochMs(AT + 1000) },
      reason: 'Its SHA-256 is not that of the ledger.',
    },
  ],
  findingsLeftOut: 0,
};
const FILES = [
  { path: '/evidence/a.json.gz' },
  {
    path: '/evidence/b.json',
    status: 'withdrawn' as const,
    reason: 'Withdrawn: not ours',
    withdrawal: { reason: 'not ours', at: AT, was },
  },
];
const CITED = 'id:gone' as EventKey;

async function report(patch: { verifications?: Verification[] } = { verifications: [VERIFIED] }) {
  const engine = fakeEngine({
    events: [],
    files: FILES,
    imports: [RUN],
    custody: CUSTODY,
    ...patch,
    notes: [{ id: 'n', title: 'Note', text: `See [it](event:${encodeURIComponent(CITED)})`, createdAt: AT, changedAt: AT }],
    citations: [{ key: CITED, eventID: 'gone', recordSha256: sha256('r'), path: '/evidence/b.json', recordNumber: 0, citedAt: AT }],
  });
  return collectReport(engine, {
    caseName: 'Case',
    caseCreatedAt: AT,
    selection: EMPTY_SELECTION,
    utc: true,
    generatedAt: AT,
    parts: ALL_PARTS,
  });
}

const hasSha256sum = spawnSync('sha256sum', ['--version']).status === 0;

describe('the report', () => {
  it('says what was stated, what was withdrawn and why, and what was found when it was verified', async () => {
    const html = renderHtml(await report());
    for (const text of [
      'Collected by: A. &lt;b&gt;Responder&lt;/b&gt;',
      'How: disk image | E01',
      'Withdrawn 2026-03-05 10:00:00 UTC: not ours',
      'by version 9.9.9',
      '5 unchanged, 1 changed, 2 not verifiable',
      '&lt;img src=x&gt;',
      sha256('old'),
      sha256('new'),
      'Size 10, now 11 bytes.',
      '1 file beside the originals is not in the ledger.',
      '1 of 2 files was withdrawn',
      'The file it was cited from was withdrawn: not ours',
    ])
      expect(html).toContain(text);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('How: aws s3 sync');
    const markdown = renderMarkdown(await report());
    expect(markdown).toContain('### Verified again');
    expect(markdown).toContain(sha256('new'));
    expect(markdown).toMatch(/Withdrawn 2026.*not ours/);
    expect(markdown).not.toMatch(/[^\\]<(b|img)/);
  });

  it('says when nothing was verified again', async () => {
    expect(renderHtml(await report({}))).toContain('not verified again since');
    expect(renderMarkdown(await report({}))).toContain('not verified again since');
  });
});

describe('the ledger as files', () => {
  it('names custody and withdrawal in the CSV, defused', () => {
    const rows = ledgerCsv(
      FILES.map((f, i) => fakeFile(f, i + 1)),
      CUSTODY,
    ).split('\r\n');
    expect(rows[0]).toMatch(/,withdrawnAt,collectedBy,collectedAt,method,source,seal,remarks$/);
    expect(rows[1]).toMatch(/,,A\. <b>Responder<\/b>,,disk image \| E01,,'=4711,$/);
    expect(rows[2]).toContain(',2026-03-05T10:00:00.000Z,A. <b>Responder</b>');
  });

  it.skipIf(!hasSha256sum)('is taken by sha256sum --check, whatever is in a name, and tells a changed file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trailcase-sums-'));
    try {
      const names = [
        'plain.json',
        'two  blanks',
        'new\nline.json',
        'back\\slash',
        'c\rr',
        'näïve ✓',
        '*star',
        ' lead',
        '\\n',
        'tab\tand "quotes"',
      ];
      const files = [];
      for (const [i, name] of names.entries()) {
        await writeFile(join(dir, name), `content ${i}`);
        files.push(fakeFile({ path: join(dir, name), container: 'plain', sha256: sha256(`content ${i}`) }, i + 1));
      }
      const withdrawn = { reason: 'x', at: AT, was };
      files.push(fakeFile({ path: join(dir, 'gone'), status: 'withdrawn', withdrawal: withdrawn }, 99));
      const list = sha256sumList(files);
      expect(list).toMatchObject({ listed: names.length, withdrawn: 1 });
      await writeFile(join(dir, 'list.sha256'), list.text);
      const check = (): string =>
        execFileSync('sha256sum', ['--check', '--strict', join(dir, 'list.sha256')], { encoding: 'utf8', stdio: 'pipe' });
      expect(check().match(/: OK$/gm)).toHaveLength(names.length);
      // And it is what sha256sum itself writes.
      const own = execFileSync(
        'sha256sum',
        names.map((name) => join(dir, name)),
        { encoding: 'utf8' },
      );
      expect(list.text).toBe(own);
      await writeFile(join(dir, 'back\\slash'), 'other');
      expect(check).toThrow();
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
