import { describe, expect, it } from 'vitest';
import { collectReport, renderHtml, renderMarkdown } from '../../../../src/engine/report/index.ts';
import { ALL_PARTS, type ReportOptions } from '../../../../src/engine/report/model.ts';
import { epochMs, eventKey, type ImportId } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { type FakeCase, fakeEngine, sha256 } from './fake-engine.ts';

const at = (iso: string) => epochMs(Date.parse(iso));
const mallory = '111122223333 / user mallory';

/** A key of Mallory's is used from a new address: two calls succeed, one is denied, one file could not be read. */
const theft: FakeCase = {
  events: [
    {
      time: '2026-03-02T09:14:05Z',
      eventID: 'aaaa-1',
      values: {
        eventName: 'GetCallerIdentity',
        principal: mallory,
        sourceIPAddress: '198.51.100.7',
        awsRegion: 'eu-west-1',
        account: '111122223333',
        readOnly: 'true',
        outcome: 'success',
        eventCategory: 'Management',
      },
    },
    {
      time: '2026-03-02T09:15:00Z',
      eventID: 'aaaa-2',
      values: {
        eventName: 'CreateUser',
        principal: mallory,
        sourceIPAddress: '198.51.100.7',
        awsRegion: 'eu-west-1',
        account: '111122223333',
        readOnly: 'false',
        outcome: 'denied',
        errorCode: 'AccessDenied',
        eventCategory: 'Management',
      },
    },
    {
      time: '2026-03-02T10:00:00Z',
      eventID: 'aaaa-3',
      values: {
        eventName: 'DeleteTrail',
        principal: '111122223333 / role Admin',
        sourceIPAddress: '10.0.0.1',
        awsRegion: 'eu-west-1',
        account: '111122223333',
        readOnly: 'false',
        outcome: 'success',
        eventCategory: 'Management',
      },
    },
  ],
  files: [
    { path: '/evidence/a.json.gz', records: 3, firstTime: at('2026-03-02T09:14:05Z'), lastTime: at('2026-03-02T10:00:00Z') },
    {
      path: '/evidence/b.json.gz',
      status: 'rejected',
      records: 0,
      kind: 'binary',
      container: 'plain',
      reason: 'The bytes are no CloudTrail file.',
    },
  ],
  notes: [
    {
      id: 'n1',
      title: 'What Mallory tried',
      text: '# What Mallory tried\n\nFirst [CreateUser was denied](event:id%3Aaaaa-2), then nothing.\n',
      createdAt: at('2026-03-05T08:00:00Z'),
      changedAt: at('2026-03-05T08:30:00Z'),
    },
  ],
  imports: [
    {
      id: 'import-1' as ImportId,
      startedAt: at('2026-03-05T07:00:00Z'),
      endedAt: at('2026-03-05T07:01:00Z'),
      roots: ['/evidence'],
      status: 'done',
      files: 2,
      records: 3,
      reason: null,
    },
  ],
};

const options = (part: Partial<ReportOptions> = {}): ReportOptions => ({
  caseName: 'The stolen key',
  caseCreatedAt: at('2026-03-05T06:59:00Z'),
  selection: EMPTY_SELECTION,
  utc: true,
  generatedAt: at('2026-03-06T12:00:00Z'),
  parts: ALL_PARTS,
  ...part,
});

const text = (html: string): string =>
  html
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ');

describe('a report of a small case', () => {
  it('says of a cited record what it was found inside, beside the exact text that was found', async () => {
    const line = `2026-03-02T09:15:00.000Z ${JSON.stringify({ eventVersion: '1.09', eventID: 'aaaa-2', eventName: 'CreateUser' })}`;
    const events = theft.events.map((e) => (e.eventID === 'aaaa-2' ? { ...e, text: line } : e));
    const data = await collectReport(fakeEngine({ ...theft, events }), options());
    expect(text(renderHtml(data))).toContain('Found as Read from a line of a CloudWatch Logs export.');
    expect(renderHtml(data)).toContain(sha256(line));
    expect(renderMarkdown(data)).toContain('- Found as:');
    expect(renderMarkdown(await collectReport(fakeEngine(theft), options()))).not.toContain('Found as');
  });

  it('names case, tool, selection, evidence with hashes, principals, the note and the record that it cites', async () => {
    const data = await collectReport(fakeEngine(theft), options());
    const html = renderHtml(data);
    const words = text(html);
    expect(words).toContain('The stolen key');
    expect(words).toContain('Trailcase 0.1.0 (node 20.20.2)');
    expect(words).toContain('The whole case: no time range and no filter was set.');
    expect(words).toContain(
      '3 of the 3 events of the case are in the selection, from 2026-03-02 09:14:05 UTC to 2026-03-02 10:00:00 UTC; 1 failed, 1 of these denied.',
    );
    expect(words).toContain('us-east-1 is absent from the evidence');
    expect(words).toContain('1 of 2 files was rejected');
    expect(words).toContain('No data event');
    expect(words).toContain('The bytes are no CloudTrail file.');
    expect(html).toContain(sha256('/evidence/a.json.gz'));
    expect(html).toContain(sha256('/evidence/a.json.gz unpacked'));
    expect(html).toContain('<a class="ref" href="#record-1">[1]</a>');
    expect(html).toContain('id="record-1"');
    const record = JSON.stringify({ eventID: 'aaaa-2', ...theft.events[1].values });
    expect(html).toContain(sha256(record));
    expect(words).toContain(record);
    expect(html).toContain('<svg viewBox');
  });

  it('says the same in Markdown', async () => {
    const markdown = renderMarkdown(await collectReport(fakeEngine(theft), options()));
    expect(markdown).toContain('# The stolen key');
    expect(markdown).toContain('CreateUser was denied \\[1]');
    expect(markdown).toContain('```\n{"eventID":"aaaa-2"');
    expect(markdown).toContain(sha256('/evidence/b.json.gz'));
  });

  it('exports what was seen: counts, timeline and principals follow the selection, coverage does not', async () => {
    const selection = {
      ...EMPTY_SELECTION,
      time: { from: at('2026-03-02T09:00:00Z'), to: at('2026-03-02T09:30:00Z') },
      filters: [{ op: 'in' as const, column: 'outcome' as const, values: ['denied'] }],
    };
    const data = await collectReport(fakeEngine(theft), options({ selection }));
    expect(data.scope.events).toBe(1);
    expect(data.principals?.rows.map((r) => r.value)).toEqual([mallory]);
    expect(data.coverage.count.events).toBe(3);
    expect(data.conditions).toEqual([
      'Time from 2026-03-02 09:00:00 UTC (included) to 2026-03-02 09:30:00 UTC (not included)',
      'Outcome is “denied”',
    ]);
    expect(data.timeline?.layers.map((l) => [l.value, l.counts.reduce((a, b) => a + b, 0)])).toEqual([['denied', 1]]);
  });

  it('says when a cited event or its record is no longer what it was', async () => {
    const citation = (key: string, recordSha256: string) => ({
      key: eventKey(key),
      eventID: key.slice(3),
      recordSha256: recordSha256 as ReturnType<typeof sha256>,
      path: '/evidence/a.json.gz',
      recordNumber: 1,
      citedAt: at('2026-03-05T08:00:00Z'),
    });
    const data = await collectReport(
      fakeEngine({
        ...theft,
        notes: [{ ...theft.notes![0], text: '[a](event:id%3Aaaaa-2) [b](event:id%3Agone)' }],
        citations: [citation('id:aaaa-2', sha256('something else')), citation('id:gone', sha256('gone'))],
      }),
      options(),
    );
    const [changed, gone] = data.citations.rows;
    expect(changed.problem).toContain(sha256('something else'));
    expect(gone.problem).toContain('no longer holds');
    expect(gone.recordSha256).toBe(sha256('gone'));
  });

  it('leaves out what was not asked for, and says so of the records', async () => {
    const parts = { ...ALL_PARTS, evidence: false, timeline: false, principals: false, records: false };
    const html = renderHtml(await collectReport(fakeEngine(theft), options({ parts })));
    expect(html).not.toContain('<h2 class="page">Evidence</h2>');
    expect(html).not.toContain('<svg viewBox');
    expect(html).not.toContain('<h2>Principals</h2>');
    expect(text(html)).toContain('The original texts were left out of this report.');
  });

  it('says where a list was cut', async () => {
    const many = Array.from({ length: 501 }, (_, i) => ({ time: null, values: { principal: `p${i}`, outcome: 'success' } }));
    const data = await collectReport(fakeEngine({ events: many }), options());
    expect(text(renderHtml(data))).toContain('The list ends here: 500 of 501 principals are shown.');
    expect(renderMarkdown(data)).toContain('500 of 501 principals are shown');
  });
});
