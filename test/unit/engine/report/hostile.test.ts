import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectReport, renderHtml, renderMarkdown } from '../../../../src/engine/report/index.ts';
import { ledgerCsv, sha256sumList } from '../../../../src/engine/report/manifest.ts';
import { ALL_PARTS, type ReportData } from '../../../../src/engine/report/model.ts';
import { noteToHtml, noteToMarkdown } from '../../../../src/engine/report/notes.ts';
import { visibleLines } from '../../../../src/engine/report/text.ts';
import { epochMs, type ImportId } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { fakeEngine, fakeFile } from './fake-engine.ts';
import { checkHtml, nasty, parse } from './markup.ts';

async function reportOf(value: string): Promise<ReportData> {
  const id = value === '' ? 'x' : value;
  const engine = fakeEngine({
    events: [
      {
        time: '2026-03-02T09:14:05Z',
        eventID: id,
        text: `{"userAgent":${JSON.stringify(value)}} ${value}`,
        values: {
          eventName: value,
          eventSource: value,
          principal: value,
          identity: value,
          sourceIPAddress: value,
          awsRegion: value,
          account: value,
          errorCode: value,
          outcome: value,
          eventCategory: value,
        },
      },
    ],
    files: [{ path: value, reason: value, status: 'partial' }],
    notes: [
      {
        id: 'n',
        title: value,
        text: `${value}\n\n[${value}](event:${encodeURIComponent(`id:${id}`.toWellFormed()).replace(/[()]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)})\n\n${value}`,
        createdAt: epochMs(0),
        changedAt: epochMs(0),
      },
    ],
    imports: [
      { id: 'i' as ImportId, startedAt: epochMs(0), endedAt: null, roots: [value], status: 'failed', files: 0, records: 0, reason: value },
    ],
  });
  return collectReport(engine, {
    caseName: value,
    caseCreatedAt: epochMs(0),
    selection: {
      ...EMPTY_SELECTION,
      filters: [
        { op: 'contains', column: 'any', text: '' },
        { op: 'in', column: 'userAgent', values: [value], not: true },
      ],
    },
    utc: true,
    generatedAt: epochMs(0),
    parts: ALL_PARTS,
  });
}

describe('hostile values in a report', () => {
  it('never become markup of the HTML', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (value) => {
        const html = renderHtml(await reportOf(value));
        checkHtml(html);
        expect(html.toLowerCase()).not.toContain('<script');
        // One style element, which no value can end.
        expect(html.match(/<\/style/gi)).toHaveLength(1);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
        expect(html).not.toMatch(/[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 150 },
    );
  });

  it('never become markup of the Markdown; records stay whole inside their fence', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (value) => {
        const data = await reportOf(value);
        const nodes = parse(renderMarkdown(data));
        const kinds = new Set(nodes.map((n) => n.type));
        for (const kind of ['html', 'image', 'imageReference', 'definition', 'footnoteDefinition'] as const)
          expect(kinds).not.toContain(kind);
        const text = data.citations.rows[0]?.text;
        if (text !== undefined && text !== null) {
          const codes = nodes.flatMap((n) => (n.type === 'code' ? [n.value] : []));
          expect(codes).toContain(visibleLines(text).replace(/\r/g, '\n'));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('of a note: HTML is text, images load nothing, links lead nowhere', () => {
    const html = noteToHtml(
      '<b onclick=x>hi</b> ![pixel](http://192.0.2.1/p.png) [click](javascript:alert(1)) <http://192.0.2.1>',
      () => null,
    );
    checkHtml(html);
    expect(html).toContain('&lt;b onclick=x&gt;hi&lt;/b&gt;');
    expect(html).toContain('[image: pixel]');
    expect(html).not.toContain('href');
    const nodes = parse(noteToMarkdown('a <b>x</b>\n\n<script>alert(1)</script>\n\n![p](http://192.0.2.1/p.png)', () => null));
    expect(nodes.some((n) => n.type === 'html' || n.type === 'image')).toBe(false);
  });

  it('a note that nests without end neither hangs nor throws', () => {
    for (const text of ['> '.repeat(20_000), '- '.repeat(20_000), '['.repeat(20_000), '*a'.repeat(20_000), `${'*'.repeat(5000)}x`]) {
      expect(noteToHtml(text, () => null).length).toBeGreaterThan(0);
      expect(noteToMarkdown(text, () => null).length).toBeGreaterThan(0);
    }
  });
});

describe('the ledger as files', () => {
  it('is a list for sha256sum --check, with the odd names escaped and members left out', () => {
    const hash = 'a'.repeat(64) as NonNullable<ReturnType<typeof fakeFile>['sha256']>;
    const list = sha256sumList([
      fakeFile({ path: '/e/plain.json', sha256: hash }),
      fakeFile({ path: '/e/new\nline\\.json', sha256: hash }),
      fakeFile({ path: '/e/a.zip!x.json', container: 'zip', sha256: hash }),
      fakeFile({ path: '/e/unreadable', sha256: null }),
    ]);
    expect(list.text).toBe(`${hash}  /e/plain.json\n\\${hash}  /e/new\\nline\\\\.json\n`);
    expect(list).toMatchObject({ listed: 2, members: 1, withoutHash: 1 });
  });

  it('is CSV that no spreadsheet runs', () => {
    const [head, row] = ledgerCsv([fakeFile({ path: '+cmd', size: 7, firstTime: epochMs(0) })], { ofCase: null, imports: {} }).split(
      '\r\n',
    );
    expect(head.split(',')[0]).toBe('path');
    expect(row.startsWith("'+cmd,imported,records,gzip,7,")).toBe(true);
    expect(row).toContain('1970-01-01T00:00:00.000Z');
  });
});
