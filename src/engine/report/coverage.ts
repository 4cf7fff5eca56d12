/** The section "Coverage": for each account and Region the hours with events, silent ones, and what is known of delivery. */

import type { EpochMs } from '../../shared/brand.ts';
import type { Coverage } from '../../shared/coverage.ts';
import { CoverageModel, type HourFacts } from '../coverage/model.ts';
import { type CoverageStatement, recordingStatements } from '../coverage/sentences.ts';
import type { Cut } from './model.ts';
import { html, markdown, number, stamp } from './text.ts';

export interface CoverageSection {
  rows: Cut<CoverageTableRow>;
  statements: CoverageStatement[];
}

interface CoverageTableRow {
  account: string | null;
  region: string | null;
  first: EpochMs | null;
  last: EpochMs | null;
  events: number;
  /** Of the hours from the first event or delivery to the last; null without any. */
  facts: HourFacts | null;
}

/** The rows with most events where there are more than `limit`. */
export function coverageSection(coverage: Coverage, limit: number, utc: boolean): CoverageSection {
  const model = new CoverageModel(coverage);
  const eventsOf = (row: CoverageModel['rows'][number]): number => model.eventRow(row)?.events ?? 0;
  const kept = new Set([...model.rows].sort((a, b) => eventsOf(b) - eventsOf(a)).slice(0, limit));
  const rows = model.rows
    .filter((row) => kept.has(row))
    .map((row): CoverageTableRow => {
      const own = model.eventRow(row);
      return {
        account: row.account,
        region: row.region,
        first: own?.firstTime ?? null,
        last: own?.lastTime ?? null,
        events: own?.events ?? 0,
        facts: model.countedFacts(row, null),
      };
    });
  return { rows: { rows, total: model.rows.length + coverage.events.leftOut.rows }, statements: recordingStatements(coverage, utc) };
}

const HEADS = [
  'Account',
  'Region',
  'Events',
  'First',
  'Last',
  'Hours',
  'With events',
  'Silent',
  'Delivered',
  'None, signed',
  'Unknown',
  'Stopped',
];
const LEAD =
  'Hours are UTC, from the first event or delivery of the account and Region to its last. Silent: no event. Delivered: a log file of that delivery hour is here. None, signed: a signed digest lists no log. Unknown: neither a log file nor a digest speaks. Silence of events alone does not show that logging was off.';
const LEADS = { fact: '', gap: 'Not shown: ', alarm: 'Attention: ' };

/** The numbers of a row, in the order of HEADS after Last; “–” where events are only known by wider bins than an hour. */
function numbersOf({ facts }: CoverageTableRow): string[] {
  if (!facts) return Array<string>(7).fill('–');
  const silent = facts.hoursWithEvents === null ? null : facts.hours - facts.hoursWithEvents;
  const { delivered, signedEmpty, undigested, stopped } = facts;
  return [facts.hours, facts.hoursWithEvents, silent, delivered, signedEmpty, undigested, stopped].map((n) =>
    n === null ? '–' : number(n),
  );
}

const cutText = ({ rows, total }: CoverageSection['rows']): string | null =>
  rows.length < total ? `${number(rows.length)} of ${number(total)} accounts and Regions are listed, those with most events.` : null;

export function coverageHtml({ rows, statements }: CoverageSection, utc: boolean): string {
  const list = statements
    .map(
      (s) =>
        `<li class="${s.kind === 'fact' ? 'fact' : 'gap'}">${LEADS[s.kind] ? `<strong>${LEADS[s.kind]}</strong>` : ''}${html(s.text)}</li>`,
    )
    .join('');
  const cell = (value: string | null): string => (value === null ? '<em>(absent)</em>' : `<bdi>${html(value)}</bdi>`);
  const body = rows.rows
    .map((row) => {
      const times = [row.first, row.last].map((t) => `<td class="t">${html(stamp(t, utc))}</td>`).join('');
      const numbers = numbersOf(row).map((n) => `<td class="n">${n}</td>`);
      return `<tr><td>${cell(row.account)}</td><td>${cell(row.region)}</td><td class="n">${number(row.events)}</td>${times}${numbers.join('')}</tr>`;
    })
    .join('');
  const heads = HEADS.map((head, i) => `<th${i === 2 || i > 4 ? ' class="n"' : ''}>${head}</th>`).join('');
  const cut = cutText(rows);
  const table =
    body === '' ? '' : `<p class="small">${LEAD}</p><table class="hours"><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>`;
  return `<section><h2>Coverage</h2><ul class="sentences">${list}</ul>${table}${cut ? `<p class="warn">${cut}</p>` : ''}</section>`;
}

export function coverageMarkdown({ rows, statements }: CoverageSection, utc: boolean): string[] {
  const lines = [
    '## Coverage',
    '',
    ...statements.map((s) => `- ${LEADS[s.kind] ? `**${LEADS[s.kind].trim()}** ` : ''}${markdown(s.text)}`),
    '',
  ];
  if (rows.rows.length > 0) {
    lines.push(LEAD, '', `| ${HEADS.join(' | ')} |`, `|${' --- |'.repeat(HEADS.length)}`);
    const cell = (value: string | null): string => (value === null ? '*absent*' : markdown(value));
    for (const row of rows.rows) {
      const cells = [cell(row.account), cell(row.region), number(row.events), ...[row.first, row.last].map((t) => markdown(stamp(t, utc)))];
      lines.push(`| ${[...cells, ...numbersOf(row)].join(' | ')} |`);
    }
    lines.push('');
  }
  const cut = cutText(rows);
  return cut ? [...lines, `**${cut}**`, ''] : lines;
}
