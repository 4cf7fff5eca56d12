/** The section "Coverage" of the report: a row for each account and Region, and what was recorded at all. */
import { describe, expect, it } from 'vitest';
import { ALL_PARTS, collectReport, renderHtml, renderMarkdown } from '../../../../src/engine/report/index.ts';
import { epochMs } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { fakeEngine } from './fake-engine.ts';

const event = (time: string, awsRegion: string, more: Record<string, string> = {}) => ({
  time,
  values: { account: '111122223333', awsRegion, eventName: 'X', ...more },
});
const LOG = '111122223333_CloudTrail_eu-west-1_20260302T1105Z_abcdefghijklmnop.json.gz';

async function report() {
  const engine = fakeEngine({
    events: [
      event('2026-03-02T09:10:00Z', 'eu-west-1', { callerAccount: '999988887777' }),
      event('2026-03-02T11:00:00Z', 'eu-west-1'),
      event('2026-03-02T09:00:00Z', '<b>us-east-1</b>', { eventCategory: 'Data', eventSource: 's3.amazonaws.com' }),
    ],
    files: [{ path: `/e/${LOG}` }],
  });
  return collectReport(engine, {
    caseName: 'Case',
    caseCreatedAt: epochMs(0),
    selection: EMPTY_SELECTION,
    utc: true,
    generatedAt: epochMs(0),
    parts: ALL_PARTS,
  });
}

describe('the coverage in the report', () => {
  it('counts hours, silent ones and deliveries apart', async () => {
    const { hours } = await report();
    expect(hours.rows.total).toBe(2);
    const west = hours.rows.rows.find((r) => r.region === 'eu-west-1');
    expect(west).toMatchObject({
      events: 2,
      facts: { hours: 3, hoursWithEvents: 2, delivered: 1, signedEmpty: 0, undigested: 2, stopped: 0 },
    });
    expect(hours.statements.map((s) => s.text).join(' ')).toMatch(
      /S3 \(1 event, in 1 of 2.*1 account calls without an event of its own here: 999988887777/,
    );
  });

  it('stands in both forms, with evidence as text only', async () => {
    const data = await report();
    const html = renderHtml(data);
    expect(html).toContain('<h2>Coverage</h2>');
    expect(html).toContain('&lt;b&gt;us-east-1&lt;/b&gt;');
    expect(html).not.toContain('<b>us-east-1');
    expect(html).toContain('<td class="n">3</td><td class="n">2</td><td class="n">1</td><td class="n">1</td>');
    const lines = renderMarkdown(data).split('\n');
    expect(lines).toContain('## Coverage');
    expect(lines.find((l) => l.startsWith('| 111122223333 | eu\\-west\\-1'))).toMatch(/\| 3 \| 2 \| 1 \| 1 \| 0 \| 2 \| 0 \|$/);
  });
});
