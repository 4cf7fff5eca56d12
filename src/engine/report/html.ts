/** The report as one HTML file: no script, nothing fetched, every value escaped. The PDF is this file printed. */

import type { EvidenceFile } from '../../shared/ledger.ts';
import { rowVerdict } from '../integrity/words.ts';
import { contradictionsHtml } from './contradictions.ts';
import { coverageHtml } from './coverage.ts';
import { custodyLines, findingText, isClean, verificationSentences, withdrawnText } from './custody.ts';
import { type CitedRecord, REPORT_LIMITS, type ReportData } from './model.ts';
import { noteToHtml } from './notes.ts';
import { cutSentence, eventsSentence, footerText, numberingOf, recordsLead, scopeSentence, VERIFY, versionsText } from './phrases.ts';
import { reportStyle } from './style.ts';
import { bytes, countOf, cutText, html, htmlLines, number, stamp } from './text.ts';
import { timelineSvg } from './timeline.ts';
import { treesHtml } from './trees-written.ts';
import { STATUS_WORD } from './words.ts';

const CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const value = (text: string | null): string =>
  text === null ? '<em>(absent)</em>' : text === '' ? '<em>(empty text)</em>' : `<bdi>${html(text)}</bdi>`;
const hash = (text: string | null): string => (text === null ? '<em>not known</em>' : `<span class="hash">${html(text)}</span>`);
const row = (name: string, content: string): string => `<dt>${html(name)}</dt><dd>${content}</dd>`;
const paragraph = (text: string, cls = ''): string => `<p${cls ? ` class="${cls}"` : ''}>${html(text)}</p>`;

/** A whole document. Deterministic: equal data gives an equal text. */
export function renderHtml(data: ReportData): string {
  const title = `${data.case.name} – CloudTrail report`;
  const parts = [
    header(data),
    scope(data),
    coverage(data),
    coverageHtml(data.hours, data.utc),
    data.timeline ? timeline(data) : '',
    data.principals ? principals(data) : '',
    data.trees ? treesHtml(data.trees, data.utc, numberingOf(data)) : '',
    data.notes ? notes(data) : '',
    data.notes || data.trees ? records(data) : '',
    data.integrity ? integrity(data) : '',
    data.contradictions ? contradictionsHtml(data.contradictions, data.utc) : '',
    data.evidence ? evidence(data) : '',
    verify(data),
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Trailcase ${html(data.app.version)}">
<title>${html(title)}</title>
<style>${reportStyle(footerText(data))}</style>
</head>
<body>
${parts.filter((p) => p !== '').join('\n')}
</body>
</html>
`;
}

function header(data: ReportData): string {
  return `<header><h1>${html(data.case.name)}</h1>
<p class="lead">Report on CloudTrail evidence</p>
<dl>${row('Made', html(stamp(data.generatedAt, data.utc)))}${data.case.createdAt === null ? '' : row('Case opened', html(stamp(data.case.createdAt, data.utc)))}${row('With', html(versionsText(data)))}${row('Times', data.utc ? 'in UTC, as in the records' : 'in the zone of the computer that made the report, each with its offset from UTC')}</dl></header>`;
}

function scope(data: ReportData): string {
  const list =
    data.conditions.length === 0
      ? paragraph('The whole case: no time range and no filter was set.')
      : `<p>What was seen, and what counts, timeline and principals below rest on:</p><ul>${data.conditions.map((c) => `<li>${html(c)}</li>`).join('')}</ul>`;
  return `<section><h2>Scope and selection</h2>${list}${paragraph(scopeSentence(data))}</section>`;
}

function coverage(data: ReportData): string {
  const { accounts, regions } = data.coverage;
  const sentences = data.sentences
    .map((s) => `<li class="${s.kind}">${s.kind === 'gap' ? '<strong>Not shown: </strong>' : ''}${html(s.text)}</li>`)
    .join('');
  const table = (name: string, other: string, list: typeof accounts): string =>
    list.rows.length === 0
      ? ''
      : `<table><thead><tr><th>${name}</th><th class="n">Events</th><th class="n">${other}</th><th>First</th><th>Last</th></tr></thead><tbody>${list.rows
          .map(
            (r) =>
              `<tr><td>${value(r.value)}</td><td class="n">${number(r.count)}</td><td class="n">${number(r.distinct[0] ?? 0)}</td><td class="t">${html(stamp(r.first, data.utc))}</td><td class="t">${html(stamp(r.last, data.utc))}</td></tr>`,
          )
          .join(
            '',
          )}</tbody></table>${cutNote(list.rows.filter((r) => r.value !== null).length, list.total, name === 'Account' ? 'accounts' : 'regions')}`;
  return `<section><h2>What the evidence covers</h2><p class="small">Of the whole case, whatever the selection.</p><ul class="sentences">${sentences}</ul>${table('Account', 'Regions', accounts)}${table('Region', 'Accounts', regions)}</section>`;
}

const cutNote = (shown: number, total: number, what: string): string => {
  const sentence = cutSentence(shown, total, what);
  return sentence ? paragraph(sentence, 'warn') : '';
};

function timeline(data: ReportData): string {
  const drawn = data.timeline ? timelineSvg(data.timeline, data.utc) : null;
  return `<section><h2>Timeline</h2>${drawn ?? paragraph('No event of the selection has a readable time.')}</section>`;
}

function principals(data: ReportData): string {
  const list = data.principals;
  if (!list) return '';
  const rows = list.rows
    .map((r) => {
      const numbers = [r.count, r.failed, r.denied, r.writes, ...r.distinct].map((n) => `<td class="n">${number(n)}</td>`).join('');
      return `<tr><td>${value(r.value)}<br><span class="small">${html(stamp(r.first, data.utc))} to ${html(stamp(r.last, data.utc))}</span></td>${numbers}</tr>`;
    })
    .join('');
  return `<section><h2>Principals</h2><p class="small">In the selection. A principal is an account with a role or user (or root, a service, a federated subject); sessions of one role are one principal.</p>
<table><thead><tr><th>Principal, first and last event</th><th class="n">Events</th><th class="n">Failed</th><th class="n">of which denied</th><th class="n">Writes</th><th class="n">IPs</th><th class="n">Regions</th><th class="n">Services</th><th class="n">Sessions</th></tr></thead><tbody>${rows}</tbody></table>${cutNote(list.rows.length, list.total, 'principals')}</section>`;
}

function notes(data: ReportData): string {
  const list = data.notes;
  if (!list) return '';
  const numbering = numberingOf(data);
  const body = list.rows
    .map((note) => {
      const cut = note.markdown.length > REPORT_LIMITS.noteCharacters;
      const text = cutText(note.markdown, REPORT_LIMITS.noteCharacters);
      return `<article><h3>${html(note.title)}</h3><p class="small">Written ${html(stamp(note.createdAt, data.utc))}, changed ${html(stamp(note.changedAt, data.utc))}</p><div class="note">${noteToHtml(text, numbering)}</div>${cut ? paragraph(`The note is longer; its first ${number(REPORT_LIMITS.noteCharacters)} characters are shown.`, 'warn') : ''}</article>`;
    })
    .join('');
  return `<section><h2${list.rows.length > 0 ? ' class="page"' : ''}>Notes</h2>${body || paragraph('There are no notes.')}${cutNote(list.rows.length, list.total, 'notes')}</section>`;
}

function records(data: ReportData): string {
  const { rows, total } = data.citations;
  if (rows.length === 0) return '';
  return `<section><h2 class="page">Cited records</h2>${paragraph(recordsLead(data), 'small')}${rows.map((r) => record(r, data)).join('')}${cutNote(rows.length, total, 'cited records')}</section>`;
}

function record(r: CitedRecord, data: ReportData): string {
  const name = r.eventName === null ? 'event without a name' : r.eventName;
  if (r.brief && r.problem === null) {
    const facts = [html(stamp(r.time, data.utc)), value(r.principal), value(r.sourceIPAddress), value(r.awsRegion), value(r.eventID)];
    const place = `${value(r.path)}, record ${r.recordNumber === null ? 'not known' : number(r.recordNumber)}, SHA-256 ${hash(r.recordSha256)}`;
    return `<p class="brief" id="record-${r.number}"><strong>[${r.number}] ${html(name)}</strong> ${[...facts, place].join(' · ')}</p>`;
  }
  const text =
    r.text === null
      ? ''
      : `<pre>${htmlLines(r.text)}</pre>${r.text.length < r.textCharacters ? paragraph(`The record has ${number(r.textCharacters)} characters; the first ${number(r.text.length)} are shown. The SHA-256 is of the whole record.`, 'warn') : ''}`;
  return `<article class="record" id="record-${r.number}"><h3>[${r.number}] ${html(name)}</h3>
<dl>${row('Time', html(stamp(r.time, data.utc)))}${row('Who', `${value(r.principal)}${r.identity === null ? '' : `<br><span class="small">${value(r.identity)}</span>`}`)}${row('From', value(r.sourceIPAddress))}${row('Service, region', `${value(r.eventSource)}, ${value(r.awsRegion)}`)}${row('Error code', r.errorCode === null ? 'none recorded' : value(r.errorCode))}${row('Event ID', value(r.eventID))}${row('Source file', value(r.path))}${row('Record in the file', r.recordNumber === null ? '<em>not known</em>' : `${number(r.recordNumber)} <span class="small">(counted from 0)</span>`)}${r.fileSha256 === null ? '' : row('SHA-256 of the file', hash(r.fileSha256))}${row('SHA-256 of the record', hash(r.recordSha256))}${r.foundIn === null ? '' : row('Found as', value(r.foundIn))}${r.verdict === null ? '' : row('Integrity of the file', `${html(r.verdict.words)} <span class="small">${html(r.verdict.reason)}</span>`)}</dl>${r.problem ? paragraph(r.problem, 'warn') : ''}${text}</article>`;
}

function integrity(data: ReportData): string {
  const facts = data.integrity;
  if (!facts) return '';
  const lead = { fact: '', gap: '<strong>Not proven: </strong>', alarm: '<strong>Attention: </strong>' };
  const sentences = facts.sentences
    .map((s) => `<li class="${s.kind === 'fact' ? 'fact' : 'gap'}">${lead[s.kind]}${html(s.text)}</li>`)
    .join('');
  const keys = facts.keys
    .filter((key) => key.verified > 0)
    .map(
      (key) =>
        `<li><span class="hash">${html(key.fingerprint)}</span> ${key.source === 'given' ? 'given as' : 'from among the evidence:'} ${value(key.from)}, ${countOf(key.verified, 'digest')} verified</li>`,
    )
    .join('');
  const rows = facts.rows.rows
    .map(
      (row) =>
        `<tr><td>${html(rowVerdict(row))}</td><td>${row.kind}</td><td>${value(row.path)}<br><span class="small">${html(row.reason)}</span></td></tr>`,
    )
    .join('');
  return `<section><h2 class="page">Integrity</h2>${paragraph('What CloudTrail’s digest files say about the evidence, checked offline.', 'small')}<ul class="sentences">${sentences}</ul>${paragraph(eventsSentence(facts.events))}${keys ? `<h3>Keys that verified signatures</h3><ul>${keys}</ul>` : ''}${rows ? `<table><thead><tr><th>Verdict</th><th>Kind</th><th>File, reason</th></tr></thead><tbody>${rows}</tbody></table>` : ''}${cutNote(facts.rows.rows.length, facts.rows.total, 'verdicts')}</section>`;
}

function evidence(data: ReportData): string {
  const list = data.evidence;
  if (!list) return '';
  const by = Object.entries(data.coverage.files.byStatus).filter(([, n]) => n > 0);
  const words = by.map(([status, n]) => `${number(n)} ${STATUS_WORD[status as keyof typeof STATUS_WORD] ?? status}`).join(', ');
  const imports = list.imports
    .map(
      (i) =>
        `<tr><td class="t">${html(stamp(i.startedAt, data.utc))}</td><td>${i.roots.map((r) => value(r)).join('<br>')}${custodyLines(
          list.custody,
          i.id,
        )
          .map((line) => `<br><span class="small"><bdi>${html(line)}</bdi></span>`)
          .join(
            '',
          )}</td><td>${html(i.status)}${i.reason ? `<br>${html(i.reason)}` : ''}</td><td class="n">${number(i.files)}</td><td class="n">${number(i.records)}</td></tr>`,
    )
    .join('');
  return `<section><h2 class="page">Evidence</h2>${paragraph(`${countOf(list.total, 'file')}, ${bytes(list.bytes)} as found, ${countOf(list.records, 'record')} read${words ? `: ${words}` : ''}.`)}
<h3>Imports</h3><table><thead><tr><th>Started</th><th>What was opened</th><th>Outcome</th><th class="n">Files</th><th class="n">Records</th></tr></thead><tbody>${imports}</tbody></table>
${verifications(data)}<h3>Ledger</h3><p class="small">Every file seen. “Found” is the SHA-256 of the file as it lay on the disk, “unpacked” that of its unpacked bytes (the one CloudTrail’s digest files list).</p>
<ol class="ledger">${list.rows.map((f) => file(f, data.utc)).join('')}</ol>${cutNote(list.rows.length, list.total, 'files')}</section>`;
}

function verifications(data: ReportData): string {
  const list = data.evidence?.verifications;
  if (!list) return '';
  const body = list.rows
    .map((v) => {
      const findings = v.findings
        .slice(0, REPORT_LIMITS.findings)
        .map((f) => `<li>${value(f.path)}<br><span class="small">${html(findingText(f, data.utc))}</span></li>`)
        .join('');
      const total = v.findings.length + v.findingsLeftOut;
      return `<p><strong>${html(stamp(v.startedAt, data.utc))}</strong>, by version ${html(v.appVersion)}${v.only === null ? '' : `, of ${value(v.only)}`}: ${isClean(v) ? '' : '<strong>Attention: </strong>'}${html(verificationSentences(v).join(' '))}</p>${findings ? `<ul>${findings}</ul>` : ''}${cutNote(Math.min(v.findings.length, REPORT_LIMITS.findings), total, 'findings')}`;
    })
    .join('');
  const none = paragraph('The originals and the bytes in the case were not verified again since they were imported.');
  return `<h3>Verified again</h3>${body || none}${cutNote(list.rows.length, list.total, 'verifications')}`;
}

function file(f: EvidenceFile, utc: boolean): string {
  const facts = [
    f.container === 'plain' ? f.kind : `${f.kind}, ${f.container}`,
    countOf(f.records, 'record'),
    ...(f.unreadableRecords > 0 ? [`${number(f.unreadableRecords)} unreadable`] : []),
    countOf(f.size, 'byte'),
    ...(f.firstTime === null ? [] : [`${stamp(f.firstTime, utc)} to ${stamp(f.lastTime, utc)}`]),
  ];
  const unpacked =
    f.sha256Unpacked !== null
      ? f.sha256Unpacked === f.sha256
        ? ''
        : `<div>unpacked ${hash(f.sha256Unpacked)}</div>`
      : f.container === 'plain'
        ? ''
        : '<div>unpacked <em>not known: it could not be unpacked wholly</em></div>';
  const said = withdrawnText(f, utc) ?? f.reason;
  const reason = said === null ? '' : `<div>${html(said)}</div>`;
  return `<li><strong>${value(f.path)}</strong><div><span class="status ${f.status}">${html(STATUS_WORD[f.status])}</span> · ${html(facts.join(' · '))}</div>${reason}<div>found ${hash(f.sha256)}</div>${unpacked}</li>`;
}

function verify(data: ReportData): string {
  return `<section><h2>How to verify</h2><ol>${VERIFY.map((s) => `<li>${html(s)}</li>`).join('')}</ol>${paragraph(versionsText(data), 'small')}</section>`;
}
