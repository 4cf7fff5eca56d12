/** The report's section on integrity: what is proven, whose keys it rests on, and every file that is not in order. */
import { describe, expect, it } from 'vitest';
import { collectReport, renderHtml, renderMarkdown } from '../../../../src/engine/report/index.ts';
import { ALL_PARTS } from '../../../../src/engine/report/model.ts';
import { epochMs } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Chain, check, shared } from '../integrity/chain-maker.ts';
import { fakeEngine } from './fake-engine.ts';

async function report(evidence = true) {
  const chain = new Chain();
  const keyFile = { path: 'keys <b>.json', kind: 'log-sidecar' as const, text: JSON.stringify(shared.list()) };
  const files = chain.files().map((f) => (f === chain.logs[2] ? { ...f, text: '{"Records":[{}]}' } : f));
  const checked = await check([...files.filter((f) => f !== chain.logs[5]), keyFile], []);
  const engine = fakeEngine({ events: [], files: [] });
  engine.store.integrity = () => Promise.resolve(checked);
  const data = await collectReport(engine, {
    caseName: 'Case',
    caseCreatedAt: null,
    selection: EMPTY_SELECTION,
    utc: true,
    generatedAt: epochMs(0),
    parts: { ...ALL_PARTS, evidence },
  });
  return { data, html: renderHtml(data), markdown: renderMarkdown(data), chain };
}

describe('integrity in the report', () => {
  it('says what is proven and whose keys it rests on, and lists what is not in order first', async () => {
    const { data, html, markdown, chain } = await report();
    for (const text of [html, markdown]) {
      expect(text).toContain('Integrity');
      expect(text).toContain('could have forged the key');
      expect(text).toContain(shared.fingerprint());
    }
    expect(data.integrity?.rows.rows.slice(0, 2).map((r) => r.verdict)).toEqual(['mismatch', 'missing']);
    expect(html).toContain(chain.logs[2].path);
    expect(html).toContain('keys &lt;b&gt;.json');
    expect(html).not.toContain('keys <b>.json');
  });

  it('is left out with the evidence', async () => {
    const { data, html, markdown } = await report(false);
    expect(data.integrity).toBeNull();
    expect(html).not.toContain('<h2 class="page">Integrity</h2>');
    expect(markdown).not.toContain('## Integrity');
  });
});
