/** Asks the engine for everything a report holds. Plans run under names of their own, so that no view on screen is superseded. */
import type { EventKey, Sha256 } from '../../shared/brand.ts';
import type { Citation } from '../../shared/case.ts';
import type { EventDetails, QueryApi, RecordRef, StoreApi } from '../../shared/engine.ts';
import type { AppInfo } from '../../shared/host.ts';
import { EVENT_VERDICTS, type IntegrityRow } from '../../shared/integrity.ts';
import { EMPTY_SELECTION, type FacetValue, type GroupRow } from '../../shared/plan.ts';
import { shapeSentence } from '../../shared/record-shapes.ts';
import { contradictionSentence, recordInside } from '../../shared/unwrap.ts';
import { citedKeys } from '../case/citations.ts';
import { collectCoverageMap } from '../coverage/collect.ts';
import { rowVerdict } from '../integrity/words.ts';
import { collectContradictions } from './contradictions.ts';
import { coverageSection } from './coverage.ts';
import {
  type CitedRecord,
  type CoverageFacts,
  type Cut,
  REPORT_LIMITS,
  type ReportData,
  type ReportNote,
  type ReportOptions,
} from './model.ts';
import { cutText } from './text.ts';
import { collectTrees, keysOfTrees } from './trees.ts';
import { coverageSentences, selectionPhrases } from './words.ts';

/** What of the engine a report needs. */
export interface ReportEngine {
  app: Pick<AppInfo, 'version' | 'host' | 'versions'>;
  store: Pick<
    StoreApi,
    | 'ledger'
    | 'ledgerTotals'
    | 'listImports'
    | 'aggregated'
    | 'listNotes'
    | 'listReportTrees'
    | 'listCitations'
    | 'readRecords'
    | 'integrity'
    | 'integrityOf'
    | 'copiesCompared'
    | 'delivery'
    | 'custody'
    | 'listVerifications'
  >;
  query: Pick<QueryApi, 'run' | 'event' | 'conflicts' | 'status' | 'coverage' | 'credential' | 'credentialTree'>;
}

const TIMELINE_BINS = 150;
const COVERAGE_GROUPS = 200;

/** Facts of the whole case, without any selection. `view` names the plans: a page that asks again supersedes its own. */
export async function collectCoverage(engine: Pick<ReportEngine, 'query' | 'store'>, view: string): Promise<CoverageFacts> {
  const group = { ask: 'group', sort: 'count', descending: true, offset: 0, limit: COVERAGE_GROUPS, distinct: [] } as const;
  const [all, east, totals, aggregated, ledger, imports, status] = await Promise.all([
    engine.query.run({
      view: `${view}-all`,
      selection: EMPTY_SELECTION,
      asks: [
        { ask: 'count' },
        { ...group, by: 'account', distinct: ['awsRegion'] },
        { ...group, by: 'awsRegion', distinct: ['account'] },
        { ask: 'facet', column: 'eventCategory', limit: 20 },
      ],
    }),
    engine.query.run({
      view: `${view}-east`,
      selection: { ...EMPTY_SELECTION, filters: [{ op: 'in', column: 'awsRegion', values: ['us-east-1'] }] },
      asks: [{ ...group, by: 'account', distinct: [], limit: 10_000 }],
    }),
    engine.store.ledgerTotals(),
    engine.store.aggregated(),
    engine.store.ledger(),
    engine.store.listImports(),
    engine.query.status(),
  ]);
  const [count, accounts, regions, categories] = all.answers;
  return {
    count,
    accounts: cutOf(accounts.rows, present(accounts.rows, accounts.groups)),
    regions: cutOf(regions.rows, present(regions.rows, regions.groups)),
    accountsInUsEast1: east.answers[0].rows.map((r) => r.value),
    categories: categories.values,
    files: {
      total: totals.files,
      byStatus: totals.byStatus,
      unreadableRecords: totals.unreadableRecords,
      digests: ledger.filter((f) => f.kind === 'digest').length,
    },
    aggregated: aggregated.length,
    sourceRows: status.sourceRows,
    interruptedImports: imports.filter((i) => i.status === 'interrupted' || i.status === 'failed').length,
  };
}

const cutOf = <T>(rows: T[], total: number): Cut<T> => ({ rows, total });
/** Groups that have a value: events without a recorded account are no further account. */
const present = (rows: readonly GroupRow[], groups: number): number => groups - (rows.some((r) => r.value === null) ? 1 : 0);

export async function collectReport(engine: ReportEngine, options: ReportOptions): Promise<ReportData> {
  const { parts, selection, utc } = options;
  const say = options.onProgress ?? (() => undefined);
  say('Reading what the evidence covers');
  const coverage = await collectCoverage(engine, 'report-coverage');
  const hours = coverageSection(await collectCoverageMap(engine), REPORT_LIMITS.groups, utc);
  const { answers } = await engine.query.run({
    view: 'report-scope',
    selection,
    asks: [
      { ask: 'count' },
      { ask: 'histogram', bins: TIMELINE_BINS, stackBy: 'outcome', stackTop: 4 },
      {
        ask: 'group',
        by: 'principal',
        sort: 'count',
        descending: true,
        offset: 0,
        limit: REPORT_LIMITS.groups,
        distinct: ['sourceIPAddress', 'awsRegion', 'eventSource', 'userName'],
      },
    ],
  });
  const [scope, timeline, principals] = answers;
  const evidence = parts.evidence ? await collectEvidence(engine) : null;
  if (parts.evidence) say('Checking digests');
  const integrity = parts.evidence ? await collectIntegrity(engine) : null;
  if (parts.evidence) say('Comparing contradictions');
  const contradictions = parts.evidence ? await collectContradictions(engine) : null;
  const trees = parts.trees ? await collectTrees(engine, say) : null;
  const notes = parts.notes ? await engine.store.listNotes() : [];
  const inNotes = new Set(notes.flatMap((n) => citedKeys(n.text)));
  const inTrees = keysOfTrees(trees).filter((key) => !inNotes.has(key));
  const cited = [...[...inNotes].slice(0, REPORT_LIMITS.citations), ...inTrees.slice(0, REPORT_LIMITS.treeCitations)];
  const texts = Math.min(inNotes.size, REPORT_LIMITS.citations) + REPORT_LIMITS.treeTexts;
  const citations = cutOf(await collectCitations(engine, cited, texts, parts.records, say), inNotes.size + inTrees.length);
  return {
    app: { version: engine.app.version, host: engine.app.host, versions: engine.app.versions },
    generatedAt: options.generatedAt,
    utc,
    case: { name: options.caseName, createdAt: options.caseCreatedAt },
    conditions: selectionPhrases(selection, utc),
    scope,
    coverage,
    sentences: coverageSentences(coverage, utc),
    hours,
    evidence,
    integrity,
    contradictions,
    timeline: parts.timeline ? timeline : null,
    principals: parts.principals ? cutOf(principals.rows, principals.groups) : null,
    trees,
    notes: parts.notes ? cutOf(notes.slice(0, REPORT_LIMITS.notes).map(reportNote), notes.length) : null,
    citations,
    textsLeftOut: parts.records ? Math.max(0, cited.length - texts) : 0,
    recordsShown: parts.records,
  };
}

const reportNote = (note: {
  title: string;
  text: string;
  createdAt: ReportNote['createdAt'];
  changedAt: ReportNote['changedAt'];
}): ReportNote => ({
  title: note.title,
  markdown: note.text,
  createdAt: note.createdAt,
  changedAt: note.changedAt,
});

async function collectEvidence(engine: ReportEngine): Promise<NonNullable<ReportData['evidence']>> {
  const { store } = engine;
  const [ledger, imports, custody, verifications] = await Promise.all([
    store.ledger(),
    store.listImports(),
    store.custody(),
    store.listVerifications(),
  ]);
  const rows = [...ledger].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.id - b.id));
  return {
    rows: rows.slice(0, REPORT_LIMITS.files),
    total: rows.length,
    imports,
    custody,
    verifications: cutOf(verifications.slice(0, REPORT_LIMITS.verifications), verifications.length),
    bytes: rows.reduce((sum, f) => sum + f.size, 0),
    records: rows.reduce((sum, f) => sum + f.records, 0),
  };
}

/** What is not in order first; of what is, as much as has room. Files that no digest could speak for are told by their number. */
async function collectIntegrity(engine: ReportEngine): Promise<NonNullable<ReportData['integrity']>> {
  const { sentences, digests, logs, keys, rows } = await engine.store.integrity();
  const listed = rows.filter((row) => row.verdict !== 'undigested');
  const good = (row: IntegrityRow): boolean => row.verdict === 'signed' || row.verdict === 'matchSigned';
  const ordered = [...listed.filter((row) => !good(row)), ...listed.filter(good)];
  const events = await eventsByVerdict(engine);
  return { sentences, digests, logs, keys, rows: cutOf(ordered.slice(0, REPORT_LIMITS.verdicts), ordered.length), events };
}

/** In the order of the verdicts, best proven first. */
async function eventsByVerdict({ query }: ReportEngine): Promise<FacetValue[] | null> {
  if ((await query.status()).integrity?.state !== 'checked') return null;
  const asks = [{ ask: 'facet', column: 'integrity', limit: 100 }] as const;
  const { answers } = await query.run({ view: 'report-verdicts', selection: EMPTY_SELECTION, asks });
  const order: readonly (string | null)[] = [...EVENT_VERDICTS, null];
  return [...answers[0].values].sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
}

const BATCH = 50;

/** The first `full` of them in full, with their exact text where that is asked for. */
async function collectCitations(
  engine: ReportEngine,
  shown: readonly EventKey[],
  full: number,
  withText: boolean,
  say: (line: string) => void,
): Promise<CitedRecord[]> {
  const withdrawn = new Map((await engine.store.ledger()).flatMap((f) => (f.withdrawal ? [[f.path, f.withdrawal.reason]] : [])));
  const kept = new Map((await engine.store.listCitations()).map((c) => [c.key, c]));
  const rows: CitedRecord[] = [];
  for (let at = 0; at < shown.length; at += BATCH) {
    say(`Reading cited records ${at + 1} to ${Math.min(at + BATCH, shown.length)} of ${shown.length}`);
    const part = shown.slice(at, at + BATCH);
    const found = await Promise.all(part.map((key) => engine.query.event(key)));
    for (const [i, key] of part.entries()) {
      const brief = at + i >= full;
      const whole = await citedRecord(engine, key, at + i + 1, found[i], kept.get(key) ?? null, withText && !brief);
      const record = { ...whole, brief };
      const reason = record.problem === null ? undefined : withdrawn.get(kept.get(key)?.path ?? '');
      rows.push(
        reason === undefined ? record : { ...record, problem: `${record.problem} The file it was cited from was withdrawn: ${reason}` },
      );
    }
  }
  return rows;
}

async function citedRecord(
  engine: ReportEngine,
  key: EventKey,
  number: number,
  event: EventDetails | null,
  kept: Citation | null,
  withText: boolean,
): Promise<CitedRecord> {
  const value = (
    column: 'eventName' | 'eventSource' | 'principal' | 'identity' | 'sourceIPAddress' | 'awsRegion' | 'errorCode',
  ): string | null => {
    const v = event?.values[column] ?? null;
    return Array.isArray(v) ? (v[0] ?? null) : v;
  };
  const record: CitedRecord = {
    number,
    brief: false,
    key,
    eventID: event?.eventID ?? kept?.eventID ?? null,
    time: event?.time ?? null,
    eventName: value('eventName'),
    eventSource: value('eventSource'),
    principal: value('principal'),
    identity: value('identity'),
    sourceIPAddress: value('sourceIPAddress'),
    awsRegion: value('awsRegion'),
    errorCode: value('errorCode'),
    path: kept?.path ?? null,
    recordNumber: kept?.recordNumber ?? null,
    fileSha256: null,
    recordSha256: kept?.recordSha256 ?? null,
    text: null,
    textCharacters: 0,
    foundIn: null,
    verdict: null,
    problem: null,
  };
  if (!event) {
    record.problem = kept
      ? 'The case no longer holds this event; file, record number and hash are as they were when it was cited.'
      : 'The case holds no such event.';
    return record;
  }
  const shown = event.copies.find((c) => c.shown) ?? event.copies[0];
  if (!shown) {
    record.problem = 'The place of this record in the evidence is not known.';
    return record;
  }
  // The copy that was cited, where it is still there: a richer copy may have come since.
  return readCopy(engine, event, kept, record, shown, withText);
}

async function readCopy(
  engine: ReportEngine,
  event: EventDetails,
  kept: Citation | null,
  record: CitedRecord,
  shown: EventDetails['copies'][number],
  withText: boolean,
): Promise<CitedRecord> {
  const cited = kept ? event.copies.find((c) => c.file.path === kept.path && c.recordNumber === kept.recordNumber) : undefined;
  const copy = cited ?? shown;
  record.path = copy.file.path;
  record.recordNumber = copy.recordNumber;
  record.fileSha256 = copy.file.sha256;
  record.verdict = await verdictOf(engine, copy.file.ledgerId);
  const read = await readOne(engine, copy.ref);
  if ('problem' in read) {
    record.problem = `The record could not be read again: ${read.problem}`;
    return record;
  }
  if (kept && kept.recordSha256 !== read.sha256) {
    record.problem = cited
      ? `The record does not have the SHA-256 it had when it was cited (${kept.recordSha256}).`
      : `The cited copy (${kept.path}, record ${kept.recordNumber}, SHA-256 ${kept.recordSha256}) is no longer in the case; another copy of the event is shown.`;
  }
  record.recordSha256 = read.sha256;
  record.textCharacters = read.text.length;
  const inside = recordInside(read);
  const found = [shapeSentence(inside.shapes), contradictionSentence(inside.contradicts)].filter((part) => part !== null).join(' ') || null;
  record.foundIn = found && read.csvHeader ? `${found} The header of its file: ${read.csvHeader}` : found;
  if (withText) record.text = cutText(read.text, REPORT_LIMITS.recordCharacters);
  return record;
}

async function verdictOf({ store }: ReportEngine, ledgerId: number | undefined): Promise<CitedRecord['verdict']> {
  const [row] = ledgerId === undefined ? [] : await store.integrityOf([ledgerId]);
  return row ? { words: rowVerdict(row), reason: row.reason } : null;
}

async function readOne(
  engine: ReportEngine,
  ref: RecordRef,
): Promise<{ text: string; sha256: Sha256; csvHeader?: string } | { problem: string }> {
  try {
    const [read] = await engine.store.readRecords([ref]);
    return read ?? { problem: 'nothing was returned.' };
  } catch (thrown) {
    const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
    return { problem: message };
  }
}
