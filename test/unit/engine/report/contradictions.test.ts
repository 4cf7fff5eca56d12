/** Contradictions in the report: what differs, field by field, bounded, with hostile values made harmless. */
import { describe, expect, it } from 'vitest';
import { CONTRADICTION_LIMITS } from '../../../../src/engine/report/contradictions.ts';
import { collectReport, renderHtml, renderMarkdown } from '../../../../src/engine/report/index.ts';
import { ALL_PARTS } from '../../../../src/engine/report/model.ts';
import { epochMs } from '../../../../src/shared/brand.ts';
import type { Conflict } from '../../../../src/shared/engine.ts';
import type { IntegrityRow } from '../../../../src/shared/integrity.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { type FakeEvent, fakeEngine } from './fake-engine.ts';

interface Made {
  texts: string[];
  ids?: number;
  cited?: boolean;
  verdicts?: (string | null)[];
  name?: string;
  /** Copies that were not compared. */
  open?: number;
}

async function reportOf({ texts, ids = 1, cited = false, verdicts = [], name = 'GetObject', open = 0 }: Made) {
  const events = texts.map(
    (text, i): FakeEvent => ({
      time: '2026-03-02T09:14:05Z',
      eventID: `e-${i}`,
      text,
      values: { eventName: name, integrity: verdicts[i] ?? null },
    }),
  );
  const notes = cited ? [{ id: 'n', title: 'N', text: 'see [x](event:id:e-0)', createdAt: epochMs(1), changedAt: epochMs(2) }] : [];
  const engine = fakeEngine({ events, files: [{ path: '/evidence/a.json' }], notes });
  const { answers } = await engine.query.run({
    view: 't',
    selection: EMPTY_SELECTION,
    asks: [{ ask: 'keys', limit: 100, descending: false }],
  });
  const side = answers[0].keys.map((key, i) => ({
    key,
    time: epochMs(0),
    eventName: name,
    principal: null,
    file: '/evidence/a.json',
    integrity: verdicts[i] ?? null,
    copies: 1,
  }));
  const conflict: Conflict = { eventID: 'shared <id>', total: side.length, differs: ['eventName', 'sourceIPAddress'], events: side };
  engine.query.conflicts = async (_, limit) => ({
    ids,
    events: side.length,
    rows: Array.from({ length: Math.min(ids, limit) }, () => conflict),
    copies: { state: 'checked', reason: null, differing: ids + open, compared: ids },
  });
  const status = await engine.query.status();
  if (verdicts.length > 0) engine.query.status = async () => ({ ...status, integrity: { state: 'checked', reason: null } });
  const row: IntegrityRow = {
    kind: 'log',
    verdict: 'mismatch',
    path: '/evidence/a.json',
    ledgerId: 1,
    reason: 'Its hash is <not> the one.',
    detail: null,
    key: null,
    chain: null,
  };
  engine.store.integrityOf = async () => [row];
  const found = engine.query.event;
  engine.query.event = async (key) => {
    const details = await found(key);
    return details && { ...details, copies: details.copies.map((c) => ({ ...c, file: { ...c.file, ledgerId: 1 } })) };
  };
  const data = await collectReport(engine, {
    caseName: 'Case',
    caseCreatedAt: null,
    selection: {
      ...EMPTY_SELECTION,
      filters: verdicts.length > 0 ? [{ op: 'in', column: 'integrity', values: ['matchSigned', 'mismatch'] }] : [],
    },
    utc: true,
    generatedAt: epochMs(0),
    parts: ALL_PARTS,
  });
  return { data, html: renderHtml(data), markdown: renderMarkdown(data) };
}

describe('contradictions in the report', () => {
  it('tells both records apart field by field', async () => {
    const { data, html, markdown } = await reportOf({
      texts: ['{"eventName":"GetObject","sourceIPAddress":"192.0.2.1","same":1}', '{"same":1,"eventName":"PutObject"}'],
      verdicts: ['matchSigned', 'mismatch'],
    });
    expect(data.contradictions?.rows[0].fields).toEqual([
      { path: '$.eventName', values: ['"GetObject"', '"PutObject"'] },
      { path: '$.sourceIPAddress', values: ['"192.0.2.1"', null] },
    ]);
    for (const text of [html, markdown]) {
      expect(text).toContain('Contradictions');
      expect(text).toContain('1 event ID is shared by events that contradict each other');
      expect(text).toContain('matches, signed');
      expect(text).toContain('PutObject');
      expect(text).toMatch(/SHA-256|class="hash"/);
    }
    expect(html).toContain('shared &lt;id&gt;');
  });

  it('says that there are none', async () => {
    const { html, markdown } = await reportOf({ texts: [], ids: 0 });
    for (const text of [html, markdown]) expect(text).toContain('No two records of the evidence share an event ID');
  });

  it('does not say so when not all copies were compared', async () => {
    const { html, markdown } = await reportOf({ texts: [], ids: 0, open: 7 });
    for (const text of [html, markdown]) {
      expect(text).not.toContain('say something else');
      expect(text).toContain('The whole records of 7 event IDs differ in their text');
    }
  });

  it('cuts what is long, and says so', async () => {
    const wide = (n: number): string =>
      `{${Array.from({ length: 200 }, (_, i) => `"k${i}":${i * n}`).join()},"long":"${String(n).repeat(5000)}"}`;
    const { data, html } = await reportOf({ texts: [wide(1), wide(2)], ids: 5000 });
    expect(data.contradictions?.rows).toHaveLength(CONTRADICTION_LIMITS.eventIDs);
    expect(data.contradictions?.rows[0].fields).toHaveLength(CONTRADICTION_LIMITS.fields);
    expect(html).toContain('The earliest 100 of 5,000 are listed');
    expect(html).toContain('more differences');
    expect(html.length).toBeLessThan(2_000_000);
  });

  it('says why records could not be compared', async () => {
    const { data, html } = await reportOf({ texts: ['{"a":1}', 'no JSON'] });
    expect(data.contradictions?.rows[0]).toMatchObject({ fields: [], problem: expect.stringContaining('no JSON') });
    expect(html).toContain('One of the records is no JSON');
  });

  it('lets no value become markup', async () => {
    const nasty = '<script>alert(1)</script>|</td>`[x](javascript:alert(1))';
    const { html, markdown } = await reportOf({ texts: [JSON.stringify({ [nasty]: nasty }), '{}'], name: nasty });
    expect(html).not.toContain('<script');
    expect(markdown).not.toContain('<script');
    expect(markdown).not.toContain('](javascript:');
    for (const line of markdown.split('\n').filter((l) => l.includes('alert')))
      if (line.startsWith('|')) expect(line.replace(/\\./g, '').split('|')).toHaveLength(5);
  });
});

describe('verdicts of events in the report', () => {
  it('are counted over the case, told with each cited record, and in words where they are filtered by', async () => {
    const { data, html, markdown } = await reportOf({
      texts: ['{}', '{}', '{}'],
      verdicts: ['mismatch', 'matchSigned', 'mismatch'],
      cited: true,
    });
    expect(data.integrity?.events).toEqual([
      { value: 'matchSigned', count: 1 },
      { value: 'mismatch', count: 2 },
    ]);
    for (const text of [html, markdown]) {
      expect(text.replaceAll('\\', '')).toContain(
        'Events by the verdict of the file that they are shown from: 1 matches, signed; 2 mismatch.',
      );
      expect(text).toContain('Integrity of the file');
    }
    expect(data.citations.rows[0].verdict).toEqual({ words: 'mismatch', reason: 'Its hash is <not> the one.' });
    expect(html).toContain('Its hash is &lt;not&gt; the one.');
    expect(html).toContain('Integrity is “matches, signed” or “mismatch”');
  });

  it('are said to be unknown while they are', async () => {
    const { data, html } = await reportOf({ texts: ['{}'] });
    expect(data.integrity?.events).toBeNull();
    expect(html).toContain('was not known when the report was made');
  });
});
