/** Contradictions in the report: events that share an eventID and say something else, with what differs field by field. */
import type { EpochMs, Sha256 } from '../../shared/brand.ts';
import { columnSpec } from '../../shared/columns.ts';
import { type CopyCheck, copyWords } from '../../shared/copy-diff.ts';
import type { Conflict, ConflictEvent, QueryApi, StoreApi } from '../../shared/engine.ts';
import { toAppError } from '../../shared/errors.ts';
import { compareRecords, DIFF_LIMITS } from '../../shared/record-diff.ts';
import { recordInside } from '../../shared/unwrap.ts';
import { eventVerdictWord } from '../integrity/words.ts';
import { countOf, cutText, html, markdown, number, stamp } from './text.ts';

export const CONTRADICTION_LIMITS = { eventIDs: 100, fields: 30, characters: 300 } as const;

interface Side {
  time: EpochMs | null;
  eventName: string | null;
  principal: string | null;
  file: string | null;
  /** Verdict of the file in words; null when nothing is said of it. */
  verdict: string | null;
  recordSha256: Sha256 | null;
}

export interface ReportConflict {
  eventID: string;
  total: number;
  /** Labels of the columns that differ. */
  differs: string[];
  sides: Side[];
  /** One value a side, as written in the record; null where it has no such field. */
  fields: { path: string; values: (string | null)[] }[];
  fieldsTotal: number;
  /** A sentence when the records could not be compared. */
  problem: string | null;
}

export interface ReportContradictions {
  ids: number;
  events: number;
  rows: ReportConflict[];
  copies?: CopyCheck;
}

interface Engine {
  store: Pick<StoreApi, 'readRecords' | 'copiesCompared'>;
  query: Pick<QueryApi, 'conflicts' | 'event'>;
}

export async function collectContradictions(engine: Engine): Promise<ReportContradictions> {
  await engine.store.copiesCompared();
  const { ids, events, rows, copies } = await engine.query.conflicts(0, CONTRADICTION_LIMITS.eventIDs);
  const told: ReportConflict[] = [];
  for (const row of rows) told.push(await reportConflict(engine, row));
  return { ids, events, rows: told, ...(copies ? { copies } : {}) };
}

async function reportConflict(engine: Engine, conflict: Conflict): Promise<ReportConflict> {
  const events = conflict.events.slice(0, DIFF_LIMITS.records);
  const told: ReportConflict = {
    eventID: conflict.eventID,
    total: conflict.total,
    differs: conflict.differs.map((column) => columnSpec(column).label),
    sides: events.map((event) => side(event)),
    fields: [],
    fieldsTotal: 0,
    problem: null,
  };
  try {
    const texts: string[] = [];
    for (const [i, { key }] of events.entries()) {
      const details = await engine.query.event(key);
      const copy = details?.copies.find((c) => c.shown) ?? details?.copies[0];
      const [record] = copy ? await engine.store.readRecords([copy.ref]) : [];
      if (!record) return { ...told, problem: 'One of the records could not be read again.' };
      told.sides[i].recordSha256 = record.sha256;
      texts.push(recordInside(record).text);
    }
    const compared = compareRecords(texts);
    if ('problem' in compared) return { ...told, problem: compared.problem };
    told.fieldsTotal = compared.diff.total;
    told.fields = compared.diff.rows.slice(0, CONTRADICTION_LIMITS.fields).map(({ path, nodes }) => ({
      path: shortened(path),
      values: nodes.map((node, i) => (node ? shortened(texts[i].slice(node.start, node.end)) : null)),
    }));
    return told;
  } catch (thrown) {
    return { ...told, problem: `The records could not be read again: ${toAppError(thrown).message}` };
  }
}

function side({ time, eventName, principal, file, integrity }: ConflictEvent): Side {
  return { time, eventName, principal, file, verdict: integrity === null ? null : eventVerdictWord(integrity), recordSha256: null };
}

const shortened = (text: string): string => {
  const cut = cutText(text, CONTRADICTION_LIMITS.characters);
  return cut.length < text.length ? `${cut}… (${number(text.length)} characters)` : cut;
};

function lead({ ids, events, copies }: ReportContradictions): string {
  if (ids === 0) return copyWords(copies, 0);
  return `${countOf(ids, 'event ID')} ${ids === 1 ? 'is' : 'are'} shared by events that contradict each other, ${number(events)} in all. An event ID names one event: either a record was changed, or a tool wrote IDs of its own. They are kept apart, as events of their own. ${copyWords(copies, ids)}`.trim();
}

const cutSentence = ({ ids, rows }: ReportContradictions): string | null =>
  rows.length < ids ? `The earliest ${number(rows.length)} of ${number(ids)} are listed; the app shows all.` : null;
const fieldsSentence = (c: ReportConflict): string | null =>
  c.fields.length < c.fieldsTotal ? `${countOf(c.fieldsTotal - c.fields.length, 'more difference')}.` : null;
const sideName = (i: number): string => `Event ${i + 1}`;
const sidesSentence = (c: ReportConflict): string | null =>
  c.sides.length < c.total ? `The first ${number(c.sides.length)} of ${number(c.total)} events are compared.` : null;
const present = (lines: (string | null)[]): string[] => lines.filter((line) => line !== null);

function facts(s: Side, utc: boolean): string[] {
  return [
    stamp(s.time, utc),
    s.eventName ?? 'no event name',
    s.principal ?? 'no principal',
    ...(s.verdict === null ? [] : [`file: ${s.verdict}`]),
  ];
}

export function contradictionsHtml(found: ReportContradictions, utc: boolean): string {
  const cell = (text: string | null): string => (text === null ? '<em>(absent)</em>' : `<bdi>${html(text)}</bdi>`);
  const note = (lines: (string | null)[]): string =>
    present(lines)
      .map((line) => `<p class="warn">${html(line)}</p>`)
      .join('');
  const one = (c: ReportConflict): string => {
    const sides = c.sides
      .map(
        (s, i) =>
          `<li><strong>${sideName(i)}</strong>: ${html(facts(s, utc).join(' · '))}<br>${cell(s.file)}${s.recordSha256 === null ? '' : `<br><span class="hash">${html(s.recordSha256)}</span>`}</li>`,
      )
      .join('');
    const fields = c.fields
      .map((f) => `<tr><td><bdi>${html(f.path)}</bdi></td>${f.values.map((v) => `<td>${cell(v)}</td>`).join('')}</tr>`)
      .join('');
    const table = fields
      ? `<table><thead><tr><th>Field</th>${c.sides.map((_, i) => `<th>${sideName(i)}</th>`).join('')}</tr></thead><tbody>${fields}</tbody></table>`
      : '';
    const differs = c.differs.length === 0 ? '' : `<p>What differs: ${html(c.differs.join(', '))}.</p>`;
    return `<article class="record"><h3><bdi>${html(c.eventID)}</bdi></h3>${differs}<ul>${sides}</ul>${table}${note([c.problem, fieldsSentence(c), sidesSentence(c)])}</article>`;
  };
  return `<section><h2>Contradictions</h2><p>${html(lead(found))}</p>${found.rows.map(one).join('')}${note([cutSentence(found)])}</section>`;
}

export function contradictionsMarkdown(found: ReportContradictions, utc: boolean): string[] {
  const cell = (text: string | null): string => (text === null ? '*(absent)*' : markdown(text));
  const bold = (lines: (string | null)[]): string[] => present(lines).flatMap((line) => [`**${markdown(line)}**`, '']);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const one = (c: ReportConflict): string[] => [
    `### ${markdown(c.eventID)}`,
    '',
    ...(c.differs.length === 0 ? [] : [`What differs: ${markdown(c.differs.join(', '))}.`, '']),
    ...c.sides.map(
      (s, i) =>
        `- ${sideName(i)}: ${markdown(facts(s, utc).join(' · '))}; ${cell(s.file)}${s.recordSha256 === null ? '' : `; SHA-256 ${s.recordSha256}`}`,
    ),
    '',
    ...(c.fields.length === 0
      ? []
      : [
          row(['Field', ...c.sides.map((_, i) => sideName(i))]),
          row(['---', ...c.sides.map(() => '---')]),
          ...c.fields.map((f) => row([markdown(f.path), ...f.values.map(cell)])),
          '',
        ]),
    ...bold([c.problem, fieldsSentence(c), sidesSentence(c)]),
  ];
  return ['## Contradictions', '', markdown(lead(found)), '', ...found.rows.flatMap(one), ...bold([cutSentence(found)])];
}
