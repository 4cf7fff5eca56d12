/** The report as Markdown, for wikis and tickets. Values are escaped; records stand in fences that they cannot close. */

import { rowVerdict } from '../integrity/words.ts';
import { contradictionsMarkdown } from './contradictions.ts';
import { coverageMarkdown } from './coverage.ts';
import { custodyLines, findingText, verificationSentences, withdrawnText } from './custody.ts';
import { type CitedRecord, REPORT_LIMITS, type ReportData } from './model.ts';
import { noteToMarkdown } from './notes.ts';
import { cutSentence, eventsSentence, numberingOf, recordsLead, scopeSentence, VERIFY, versionsText } from './phrases.ts';
import { bytes, countOf, cutText, fence, markdown, number, stamp } from './text.ts';
import { binWords } from './timeline.ts';
import { treesMarkdown } from './trees-written.ts';
import { STATUS_WORD } from './words.ts';

const value = (text: string | null): string => (text === null ? '*(absent)*' : text === '' ? '*(empty text)*' : markdown(text));
const cells = (list: readonly string[]): string => `| ${list.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  cells(head),
  cells(head.map(() => '---')),
  ...rows.map(cells),
  '',
];
const cutNote = (shown: number, total: number, what: string): string[] => {
  const sentence = cutSentence(shown, total, what);
  return sentence ? [`**${markdown(sentence)}**`, ''] : [];
};

/** A whole document, ending with a line feed. */
export function renderMarkdown(data: ReportData): string {
  const time = (at: number | null): string => markdown(stamp(at, data.utc));
  const lines: string[] = [`# ${markdown(data.case.name)}`, '', 'Report on CloudTrail evidence', ''];
  lines.push(`- Made: ${time(data.generatedAt)}`);
  if (data.case.createdAt !== null) lines.push(`- Case opened: ${time(data.case.createdAt)}`);
  lines.push(`- With: ${markdown(versionsText(data))}`, '');
  lines.push('## Scope and selection', '');
  if (data.conditions.length === 0) lines.push('The whole case: no time range and no filter was set.', '');
  else lines.push(...data.conditions.map((c) => `- ${markdown(c)}`), '');
  lines.push(markdown(scopeSentence(data)), '');
  lines.push(
    '## What the evidence covers',
    '',
    ...data.sentences.map((s) => `- ${s.kind === 'gap' ? '**Not shown:** ' : ''}${markdown(s.text)}`),
    '',
  );
  for (const [name, list] of [
    ['Account', data.coverage.accounts],
    ['Region', data.coverage.regions],
  ] as const) {
    if (list.rows.length === 0) continue;
    lines.push(
      ...table(
        [name, 'Events', 'First', 'Last'],
        list.rows.map((r) => [value(r.value), number(r.count), time(r.first), time(r.last)]),
      ),
    );
    lines.push(...cutNote(list.rows.filter((r) => r.value !== null).length, list.total, name === 'Account' ? 'accounts' : 'regions'));
  }
  lines.push(...coverageMarkdown(data.hours, data.utc));
  if (data.timeline) lines.push(...timeline(data, time));
  if (data.principals) {
    lines.push('## Principals', '', 'In the selection. Sessions of one role are one principal.', '');
    lines.push(
      ...table(
        ['Principal', 'Events', 'Failed', 'Of which denied', 'Writes', 'IPs', 'Regions', 'Services', 'Sessions', 'First', 'Last'],
        data.principals.rows.map((r) => [
          value(r.value),
          ...[r.count, r.failed, r.denied, r.writes, ...r.distinct].map(number),
          time(r.first),
          time(r.last),
        ]),
      ),
      ...cutNote(data.principals.rows.length, data.principals.total, 'principals'),
    );
  }
  if (data.trees) lines.push(...treesMarkdown(data.trees, data.utc, numberingOf(data)));
  if (data.notes) lines.push(...notes(data, time));
  if (data.notes || data.trees) lines.push(...records(data, time));
  lines.push(...integrity(data));
  if (data.contradictions) lines.push(...contradictionsMarkdown(data.contradictions, data.utc));
  if (data.evidence) lines.push(...evidence(data, time));
  lines.push('## How to verify', '', ...VERIFY.map((s, i) => `${i + 1}. ${markdown(s)}`), '', markdown(versionsText(data)), '');
  return `${lines.join('\n').trimEnd()}\n`;
}

type Time = (at: number | null) => string;

function timeline(data: ReportData, time: Time): string[] {
  const answer = data.timeline;
  if (!answer) return [];
  const lines = ['## Timeline', ''];
  const rows: string[][] = [];
  for (let i = 0; i < answer.bins; i++) {
    const counts = answer.layers.map((layer) => layer.counts[i]);
    if (counts.some((n) => n > 0)) rows.push([time(answer.from + i * answer.binMs), ...counts.map(number)]);
  }
  if (rows.length === 0) return [...lines, 'No event of the selection has a readable time.', ''];
  const head = answer.layers.map((l) => (l.other ? 'other' : l.value === null ? 'not recorded' : markdown(l.value)));
  return [...lines, `Events by outcome, a row for each ${binWords(answer.binMs)} that has any.`, '', ...table(['From', ...head], rows)];
}

function notes(data: ReportData, time: Time): string[] {
  const list = data.notes;
  if (!list) return [];
  const numbering = numberingOf(data);
  const lines = ['## Notes', ''];
  if (list.rows.length === 0) lines.push('There are no notes.', '');
  for (const note of list.rows) {
    lines.push(`### ${markdown(note.title)}`, '', `Written ${time(note.createdAt)}, changed ${time(note.changedAt)}`, '');
    lines.push(noteToMarkdown(cutText(note.markdown, REPORT_LIMITS.noteCharacters), numbering), '');
    if (note.markdown.length > REPORT_LIMITS.noteCharacters) {
      lines.push(`**The note is longer; its first ${number(REPORT_LIMITS.noteCharacters)} characters are shown.**`, '');
    }
  }
  return [...lines, ...cutNote(list.rows.length, list.total, 'notes')];
}

function records(data: ReportData, time: Time): string[] {
  const { rows, total } = data.citations;
  if (rows.length === 0) return [];
  return [
    '## Cited records',
    '',
    recordsLead(data),
    '',
    ...rows.flatMap((r) => record(r, time)),
    ...cutNote(rows.length, total, 'cited records'),
  ];
}

function record(r: CitedRecord, time: Time): string[] {
  if (r.brief && r.problem === null) {
    const facts = [time(r.time), value(r.principal), value(r.sourceIPAddress), value(r.awsRegion), value(r.eventID)];
    const place = `${value(r.path)}, record ${r.recordNumber === null ? 'not known' : number(r.recordNumber)}, SHA-256 ${r.recordSha256 ?? 'not known'}`;
    return [
      `**\\[${r.number}\\] ${r.eventName === null ? 'event without a name' : markdown(r.eventName)}** ${[...facts, place].join(' · ')}`,
      '',
    ];
  }
  const lines = [
    `### \\[${r.number}\\] ${r.eventName === null ? 'event without a name' : markdown(r.eventName)}`,
    '',
    `- Time: ${time(r.time)}`,
    `- Who: ${value(r.principal)}${r.identity === null ? '' : ` (${value(r.identity)})`}`,
    `- From: ${value(r.sourceIPAddress)}`,
    `- Service, region: ${value(r.eventSource)}, ${value(r.awsRegion)}`,
    `- Error code: ${r.errorCode === null ? 'none recorded' : value(r.errorCode)}`,
    `- Event ID: ${value(r.eventID)}`,
    `- Source file: ${value(r.path)}`,
    `- Record in the file (counted from 0): ${r.recordNumber === null ? 'not known' : number(r.recordNumber)}`,
    `- SHA-256 of the file: ${r.fileSha256 ?? 'not known'}`,
    `- SHA-256 of the record: ${r.recordSha256 ?? 'not known'}`,
    ...(r.foundIn === null ? [] : [`- Found as: ${value(r.foundIn)}`]),
    ...(r.verdict === null ? [] : [`- Integrity of the file: ${markdown(`${r.verdict.words}. ${r.verdict.reason}`)}`]),
    '',
  ];
  if (r.problem) lines.push(`**${markdown(r.problem)}**`, '');
  if (r.text !== null) lines.push(fence(r.text), '');
  if (r.text !== null && r.text.length < r.textCharacters) {
    lines.push(
      `**The record has ${number(r.textCharacters)} characters; the first ${number(r.text.length)} are shown. The SHA-256 is of the whole record.**`,
      '',
    );
  }
  return lines;
}

function integrity(data: ReportData): string[] {
  const facts = data.integrity;
  if (!facts) return [];
  const lead = { fact: '', gap: '**Not proven:** ', alarm: '**Attention:** ' };
  const keys = facts.keys.filter((key) => key.verified > 0);
  return [
    '## Integrity',
    '',
    'What CloudTrail’s digest files say about the evidence, checked offline.',
    '',
    ...facts.sentences.map((s) => `- ${lead[s.kind]}${markdown(s.text)}`),
    '',
    markdown(eventsSentence(facts.events)),
    '',
    ...(keys.length === 0
      ? []
      : table(
          ['Key', 'Source', 'From', 'Digests verified'],
          keys.map((key) => [
            key.fingerprint,
            key.source === 'given' ? 'given' : 'from among the evidence',
            value(key.from),
            number(key.verified),
          ]),
        )),
    ...(facts.rows.rows.length === 0
      ? []
      : table(
          ['Verdict', 'Kind', 'File', 'Reason'],
          facts.rows.rows.map((row) => [markdown(rowVerdict(row)), row.kind, value(row.path), markdown(row.reason)]),
        )),
    ...cutNote(facts.rows.rows.length, facts.rows.total, 'verdicts'),
  ];
}

function verifications(data: ReportData, time: Time): string[] {
  const list = data.evidence?.verifications;
  if (!list) return [];
  const lines = ['### Verified again', ''];
  if (list.rows.length === 0) lines.push('The originals and the bytes in the case were not verified again since they were imported.', '');
  for (const v of list.rows) {
    const of = v.only === null ? '' : `, of ${value(v.only)}`;
    lines.push(`**${time(v.startedAt)}**, by version ${markdown(v.appVersion)}${of}: ${markdown(verificationSentences(v).join(' '))}`, '');
    for (const f of v.findings.slice(0, REPORT_LIMITS.findings)) lines.push(`- ${value(f.path)}: ${markdown(findingText(f, data.utc))}`);
    if (v.findings.length > 0) lines.push('');
    lines.push(...cutNote(Math.min(v.findings.length, REPORT_LIMITS.findings), v.findings.length + v.findingsLeftOut, 'findings'));
  }
  return [...lines, ...cutNote(list.rows.length, list.total, 'verifications')];
}

function evidence(data: ReportData, time: Time): string[] {
  const list = data.evidence;
  if (!list) return [];
  return [
    '## Evidence',
    '',
    markdown(`${countOf(list.total, 'file')}, ${bytes(list.bytes)} as found, ${countOf(list.records, 'record')} read.`),
    '',
    ...table(
      ['Import started', 'What was opened', 'Outcome', 'Files', 'Records'],
      list.imports.map((i) => [
        time(i.startedAt),
        [i.roots.map(value).join(', '), ...custodyLines(list.custody, i.id).map(markdown)].join('; '),
        markdown(i.status) + (i.reason ? `: ${markdown(i.reason)}` : ''),
        number(i.files),
        number(i.records),
      ]),
    ),
    ...verifications(data, time),
    ...table(
      ['No\\.', 'File', 'Status', 'Kind', 'Records', 'Unreadable', 'Bytes', 'First', 'Last', 'SHA-256 found', 'SHA-256 unpacked', 'Reason'],
      list.rows.map((f, i) => [
        number(i + 1),
        value(f.path),
        markdown(STATUS_WORD[f.status]),
        markdown(f.container === 'plain' ? f.kind : `${f.kind}, ${f.container}`),
        number(f.records),
        number(f.unreadableRecords),
        number(f.size),
        f.firstTime === null ? '' : time(f.firstTime),
        f.lastTime === null ? '' : time(f.lastTime),
        f.sha256 ?? 'not known',
        f.sha256Unpacked ?? 'not known',
        markdown(withdrawnText(f, data.utc) ?? f.reason ?? ''),
      ]),
    ),
    ...cutNote(list.rows.length, list.total, 'files'),
  ];
}
