/** Credential trees in the report: from a drawn trail through the real query core to HTML and Markdown, hostile values among them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectReport, type ReportData, type ReportParts, renderHtml, renderMarkdown } from '../../../../src/engine/report/index.ts';
import { ALL_PARTS } from '../../../../src/engine/report/model.ts';
import { epochMs } from '../../../../src/shared/brand.ts';
import { REPORT_TREE_VERSION, type ReportTree, reportTreeId } from '../../../../src/shared/case.ts';
import { type CredentialId, credentialOfKey } from '../../../../src/shared/lineage.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { lineageReader } from '../identity/support.ts';
import { Trail } from '../identity/trail.ts';
import { fakeEngine } from './fake-engine.ts';
import { checkHtml, nasty, parse } from './markup.ts';

const A = '111111111111';
const KEY = credentialOfKey('AKIAALICE');
const read = lineageReader();

const entry = (credential: CredentialId, scope: ReportTree['scope'] = 'tree', part: Partial<ReportTree> = {}): ReportTree => ({
  id: reportTreeId(scope, credential),
  version: REPORT_TREE_VERSION,
  credential,
  scope,
  name: 'as it was called',
  addedAt: epochMs(Date.UTC(2026, 2, 5)),
  ...part,
});

async function reportOf(trail: Trail, trees: ReportTree[], parts: Partial<ReportParts> = {}): Promise<ReportData> {
  const { core } = await read(trail);
  const events = trail.rows.map(({ time, id, values, resources }) => ({
    time: time === null ? null : new Date(time).toISOString(),
    eventID: id ?? '',
    values: { ...values, resource: resources },
  }));
  const engine = fakeEngine({ events });
  engine.store.listReportTrees = async () => trees;
  engine.query.credential = (id) => core.credential(id);
  engine.query.credentialTree = (id, options) => core.credentialTree(id, options);
  return collectReport(engine, {
    caseName: 'Case',
    caseCreatedAt: null,
    selection: EMPTY_SELECTION,
    utc: true,
    generatedAt: epochMs(0),
    parts: { ...ALL_PARTS, evidence: false, ...parts },
  });
}

/** The section of the trees, tags away. */
const words = (html: string): string =>
  (/<h2 class="page">Credential trees<\/h2>.*?<\/section>/s.exec(html)?.[0] ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ');

function theft(): Trail {
  const trail = new Trail();
  const alice = trail.user('alice', A, 'AKIAALICE');
  trail.call(alice, 'GetCallerIdentity', 1, { sourceIPAddress: '198.51.100.7', userAgent: 'pacu' });
  const { session } = trail.assume(alice, 'Admin', A, 'ASIAADMIN', 10);
  trail.call(session, 'GetObject', 20, { sourceIPAddress: '203.0.113.9', outcome: 'denied', errorCode: 'AccessDenied' }, [
    'arn:aws:s3:::secrets/x',
  ]);
  const { session: deep } = trail.assume(session, 'Deep', A, 'ASIADEEP', 30);
  trail.call(deep, 'PutObject', 40);
  return trail;
}

describe('a tree in the report', () => {
  it('says of each credential what it is, how it was obtained, what it did, and what ends it', async () => {
    const data = await reportOf(theft(), [entry(KEY)]);
    const html = renderHtml(data);
    const said = words(html);
    for (const part of [
      'Long-term key: AKIAALICE',
      'Put into the report 2026-03-05 00:00:00 UTC.',
      'It is the origin itself.',
      'With it and the 2 credentials issued from it: 5 events, 1 denied.',
      'ASIAADMIN Assumed role',
      'acts as arn:aws:sts::111111111111:assumed-role/Admin/work',
      '= exact:',
      '2 events, 1 denied · 2026-03-01 00:00:20 UTC to 2026-03-01 00:00:30 UTC',
      'with the 1 below it 3 events, 1 denied',
      'expires 2026-03-01 01:00:10 UTC',
      'revoke of arn:aws:iam::111111111111:role/Admin what was issued before 2026-03-01 00:00:11 UTC',
      'Addresses: 203.0.113.9 (1)',
      'Agents: pacu (1)',
      'Regions: us-east-1 (2)',
      'Denied actions: GetObject (1)',
      'Resources: arn:aws:s3:::secrets/x (1)',
      'The chain stops here:',
      'To end it',
      'One time that ends all of its sessions: aws:TokenIssueTime before 2026-03-01 00:00:31 UTC',
      'All of its sessions in evidence have expired by 2026-03-01 01:00:30 UTC',
      'Key AKIAALICE of arn:aws:iam::111111111111:user/alice : to deactivate',
    ])
      expect(said).toContain(part);
    expect([...html.matchAll(/<li class="l(\d+)/g)].map((m) => m[1])).toEqual(['0', '1', '2']);
    const markdown = renderMarkdown(data);
    expect(markdown).toMatch(/^- \*\*AKIAALICE\*\* Long/m);
    expect(markdown).toMatch(/^ {2}- \*\*ASIAADMIN\*\* Assumed role/m);
    expect(markdown).toMatch(/^ {4}- \*\*ASIADEEP\*\* Assumed role/m);
  });

  it('cites the issuing events as numbered records, also where the notes are left out', async () => {
    const trail = theft();
    const issuing = trail.rows.find((row) => row.values.issuedKey === 'ASIADEEP');
    const data = await reportOf(trail, [entry(KEY)], { notes: false });
    const record = data.citations.rows.find((r) => r.eventID === issuing?.id);
    expect(record?.text).not.toBeNull();
    const html = renderHtml(data);
    expect(html).toContain(`<a class="ref" href="#record-${record?.number}">[${record?.number}]</a>`);
    expect(html).toContain(`<article class="record" id="record-${record?.number}">`);
    expect(html).not.toContain('[record not shown]');
    expect(html).not.toContain('<h2>Notes</h2>');
    expect(renderMarkdown(data)).toContain(`\\[${record?.number}\\]`);
  });

  it('as a part has no ancestors, and says who is behind it', async () => {
    const said = words(renderHtml(await reportOf(theft(), [entry(credentialOfKey('ASIAADMIN'), 'subtree')])));
    expect(said).toContain('Behind it: arn:aws:iam::111111111111:user/alice , 1 step back; proven: every step is a recorded key ID.');
    expect(said).toContain('The chain goes no further back:');
    expect(said).not.toContain('AKIAALICE Long-term key');
    const whole = words(renderHtml(await reportOf(theft(), [entry(credentialOfKey('ASIAADMIN'))])));
    expect(whole).toContain('AKIAALICE Long-term key');
  });

  it('of a credential that the evidence holds no more, or of a newer version, is named and said to be missing', async () => {
    const data = await reportOf(theft(), [entry(credentialOfKey('AKIAGONE')), entry(KEY, 'tree', { version: 99 }), entry(KEY, 'subtree')]);
    const said = words(renderHtml(data));
    expect(said).toContain('as it was called');
    expect(said).toContain('No event of the evidence uses or issues this credential any more');
    expect(said).toContain('A newer version of Trailcase put this tree into the report');
    expect(said).toContain('Long-term key: AKIAALICE');
    expect(renderMarkdown(data)).toContain('any more');
  });

  it('is no section where nobody put one in, or where it was left out', async () => {
    for (const data of [await reportOf(theft(), []), await reportOf(theft(), [entry(KEY)], { trees: false })]) {
      expect(renderHtml(data)).not.toContain('Credential trees');
      expect(renderMarkdown(data)).not.toContain('Credential trees');
      expect(data.citations.total).toBe(0);
    }
  });

  it('with more than 500 credentials lists the busiest branches, says what was left out, and keeps most texts out', async () => {
    const trail = new Trail();
    const alice = trail.user('alice', A, 'AKIAALICE');
    for (let i = 0; i < 600; i++) {
      const { session } = trail.assume(alice, `Role${i % 7}`, A, `ASIA${i}`, i);
      if (i === 599) for (let n = 0; n < 9; n++) trail.call(session, 'GetObject', 700 + n);
    }
    const data = await reportOf(trail, [entry(KEY)]);
    const html = renderHtml(data);
    // Seven groups of roles, each with a line before those in brief.
    expect(html.match(/<li class="l\d/g)).toHaveLength(500 + 7);
    expect(html.match(/<li class="l1 brief/g)?.length).toBe(499 - 7 * 3);
    expect(words(html)).toContain('500 credentials are listed; 101 more that were issued from it are left out');
    // The busiest of all is the first below the key, and the others of its role follow, most of them in brief.
    expect(/<li class="l1.*?<\/li>/s.exec(html)?.[0]).toContain('ASIA599');
    expect(words(html)).toMatch(/And \d+ more like these of arn:aws:iam::111111111111:role\/Role4 : 0 events, 0 denied in all\./);
    expect(renderMarkdown(data)).toContain('101 more');
    expect(data.citations.rows.filter((r) => r.text !== null)).toHaveLength(40);
    expect(html).toContain(`Of ${data.citations.rows.length - 40} records that only credential trees cite the text was left out`);
  });

  it('of a chain of 80 is indented no further than there is room, and says the level', async () => {
    const trail = new Trail();
    let caller = trail.user('alice', A, 'AKIAALICE');
    for (let i = 0; i < 80; i++) caller = trail.assume(caller, `R${i}`, A, `ASIA${i}`, i).session;
    const data = await reportOf(trail, [entry(KEY)]);
    expect(renderHtml(data)).toContain('level 81');
    expect(renderHtml(data)).not.toContain('class="l13');
    expect(parse(renderMarkdown(data)).some((n) => n.type === 'strong')).toBe(true);
  });

  it('full of hostile values never becomes markup', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (value) => {
        const trail = new Trail();
        const alice = trail.user(value, A, `AKIA${value}`);
        trail.call(alice, value, 1, { sourceIPAddress: value, userAgent: value, awsRegion: value }, [value]);
        const { session } = trail.assume(alice, value, A, `ASIA${value}`, 10);
        trail.call(session, value, 20, { outcome: 'denied' }, [value]);
        const data = await reportOf(trail, [
          entry(credentialOfKey(`AKIA${value}`)),
          entry(credentialOfKey('none'), 'tree', { name: value }),
        ]);
        const html = renderHtml(data);
        checkHtml(html);
        expect(html.toLowerCase()).not.toContain('<script');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
        expect(html).not.toMatch(/[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/);
        const kinds = new Set(parse(renderMarkdown(data)).map((n) => n.type));
        for (const kind of ['html', 'image', 'imageReference', 'definition', 'footnoteDefinition'] as const)
          expect(kinds).not.toContain(kind);
      }),
      { numRuns: 60 },
    );
  });
});
