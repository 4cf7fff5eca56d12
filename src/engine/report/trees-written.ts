/** Credential trees as an indented list: one writer makes the words of a credential, a pen escapes them for HTML or Markdown. */
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { ReportTree } from '../../shared/case.ts';
import { CREDENTIAL_KINDS, type CredentialKind, type CredentialTreeNode, type TopValues } from '../../shared/lineage.ts';
import type { Numbering } from './notes.ts';
import { cutSentence } from './phrases.ts';
import { countOf, cutText, html, markdown, number, stamp } from './text.ts';
import { CITED_A_LINK, ENDS, type ReportedTree, type ReportTrees, type TreeFacts } from './trees.ts';
import type { TreeItem } from './trees-order.ts';

const VALUE_CHARACTERS = 300;
/** Deeper ones are indented no further: the line says the level. */
const INDENTS = 12;

interface Pen {
  text(words: string): string;
  /** From the evidence. */
  value(text: string): string;
  cite(key: EventKey): string;
  time(at: EpochMs | null): string;
}

const LABELS = new Map<CredentialKind, string>(CREDENTIAL_KINDS.map((kind) => [kind.id, kind.label]));
const kindLabel = (kind: CredentialKind): string => LABELS.get(kind) ?? kind;
const cut = (text: string): string => (text.length > VALUE_CHARACTERS ? `${cutText(text, VALUE_CHARACTERS)}…` : text);
const nameOf = (node: CredentialTreeNode): string => node.accessKeyId ?? node.identity ?? node.issuedTo ?? node.id;

const cites = (pen: Pen, keys: readonly EventKey[]): string => keys.map((key) => ` ${pen.cite(key)}`).join('');
const linkCites = (pen: Pen, keys: readonly EventKey[]): string => {
  const more = keys.length - CITED_A_LINK;
  return `${cites(pen, keys.slice(0, CITED_A_LINK))}${more > 0 ? pen.text(` and ${countOf(more, 'event')} more`) : ''}`;
};

function topWords(pen: Pen, label: string, { distinct, top }: TopValues): string | null {
  if (distinct === 0) return null;
  const values = top.map(({ value, count }) => `${pen.value(cut(value))} ${pen.text(`(${number(count)})`)}`);
  const more = distinct - top.length;
  return `${pen.text(label)}: ${values.join(', ')}${more > 0 ? pen.text(` and ${number(more)} more`) : ''}`;
}

/** What is said of one credential, a line each; the first is its head. */
function nodeLines(pen: Pen, node: CredentialTreeNode, brief: boolean, indent: number, isTop: boolean): { head: string; lines: string[] } {
  const level = indent > INDENTS ? pen.text(` · level ${indent + 1}`) : '';
  const head = `${pen.text(kindLabel(node.kind))}${level}`;
  const who = [
    ...(node.identity === null ? [] : [`${pen.text('acts as')} ${pen.value(cut(node.identity))}`]),
    ...(node.issuedTo === null || node.issuedTo === node.identity ? [] : [`${pen.text('issued to')} ${pen.value(cut(node.issuedTo))}`]),
  ];
  const link = node.link
    ? `${pen.text(node.link.proof === 'exact' ? '= exact' : '≈ inferred')}${brief && node.link.proof === 'exact' ? '' : pen.text(`: ${node.link.reason}`)}${linkCites(pen, node.link.events)}`
    : isTop
      ? `${pen.text(`The chain stops here: ${node.stop.text}`)}${linkCites(pen, node.stop.events)}`
      : null;
  const span =
    node.firstUse === null ? pen.text('never used in evidence') : `${pen.time(node.firstUse)} ${pen.text('to')} ${pen.time(node.lastUse)}`;
  const counts = [
    pen.text(`${countOf(node.events, 'event')}, ${number(node.denied)} denied`),
    span,
    ...(node.descendants === 0
      ? []
      : [
          pen.text(
            `with the ${number(node.descendants)} below it ${countOf(node.totals.events, 'event')}, ${number(node.totals.denied)} denied`,
          ),
        ]),
  ];
  const ends = [
    ...(node.expires === null
      ? [pen.text(node.kind === 'long-term' ? 'does not expire' : 'expiry not recorded')]
      : [`${pen.text('expires')} ${pen.time(node.expires)}`]),
    ...(node.revokeBefore === null
      ? []
      : [
          `${pen.text('revoke of')} ${node.role === null ? pen.text('its role or user') : pen.value(cut(node.role))} ${pen.text('what was issued before')} ${pen.time(node.revokeBefore)}`,
        ]),
  ];
  const tops = [
    topWords(pen, 'Addresses', node.ips),
    topWords(pen, 'Agents', node.agents),
    topWords(pen, 'Regions', node.regions),
    topWords(pen, 'Actions', node.actions),
    topWords(pen, 'Denied actions', node.deniedActions),
    topWords(pen, 'Resources', node.resources),
  ].filter((line) => line !== null);
  const joined = (list: string[]): string => list.join(pen.text(' · '));
  const lines = [joined(who), link ?? '', joined(counts), joined(ends), joined(tops)].filter((line) => line !== '');
  return { head, lines: brief ? [joined(lines)] : lines };
}

/** Where the chain of the tree leads, and what was counted; a sentence each. */
function summaryLines(pen: Pen, { asked, items, details }: TreeFacts, scope: ReportTree['scope']): string[] {
  const proof = asked.originProof === 'proven' ? 'every step is a recorded key ID' : 'not every step is a recorded key ID';
  const origin =
    asked.depth === 0
      ? pen.text(asked.origin === null ? 'Nobody is shown to be behind it.' : 'It is the origin itself.')
      : `${pen.text(asked.launched ? 'Its instance was launched by' : 'Behind it')}: ${pen.value(cut(asked.origin ?? 'not recorded'))}, ${pen.text(`${countOf(asked.depth, 'step')} back; ${asked.originProof}: ${proof}.`)}`;
  // The first credential of the list says it where the whole chain is listed.
  const stop =
    scope === 'tree' && items[0]?.type === 'node' && items[0].node.link === null
      ? []
      : [`${pen.text(`The chain goes no further back: ${asked.stop.text}`)}${linkCites(pen, asked.stop.events)}`];
  const odd = [
    ...(details.usesBeforeIssue > 0 ? [pen.text(`${countOf(details.usesBeforeIssue, 'use')} before it was issued.`)] : []),
    ...(details.usesAfterExpiry > 0 ? [pen.text(`${countOf(details.usesAfterExpiry, 'use')} after it expired.`)] : []),
  ];
  const counted = `With it and the ${countOf(asked.descendants, 'credential')} issued from it: ${countOf(asked.totals.events, 'event')}, ${number(asked.totals.denied)} denied.`;
  return [origin, ...stop, pen.text(counted), ...odd];
}

function endLines(pen: Pen, { details }: TreeFacts): string[] {
  const { text, longTermKeys, revoke, revokeIssuedBefore, allExpireBy } = details.containment;
  const keys = longTermKeys.slice(0, ENDS).map((key) => {
    const of = key.user === null ? '' : ` ${pen.text('of')} ${pen.value(cut(key.user))}`;
    const state = key.deleted
      ? `${pen.text('deleted at')} ${pen.time(key.deleted.time)} ${pen.cite(key.deleted.key)}`
      : pen.text('to deactivate');
    const after = key.usesAfter && key.usesAfter.uses > 0 ? key.usesAfter : null;
    const late = after
      ? `${pen.text(`; ${countOf(after.uses, 'use')} after`)} ${pen.value(after.eventName)}${cites(pen, after.events.slice(0, CITED_A_LINK))}`
      : '';
    return `${pen.text('Key')} ${pen.value(cut(key.accessKeyId))}${of}: ${state}${late}`;
  });
  const roles = revoke.slice(0, ENDS).map((entry) => {
    if (entry.means !== 'policy')
      return `${pen.value(cut(entry.arn))}: ${pen.text(`${countOf(entry.sessions, 'session')}; no policy with aws:TokenIssueTime ends them, see above`)}`;
    const before =
      entry.issuedBefore === null
        ? pen.text('whose issue is not recorded')
        : `${pen.text('issued before')} ${pen.time(entry.issuedBefore)}`;
    const expiry =
      entry.lastExpiry === null ? pen.text('expiry not recorded') : `${pen.text('the last expires')} ${pen.time(entry.lastExpiry)}`;
    const policies =
      entry.policies.length === 0
        ? pen.text('no policy written since in evidence')
        : `${pen.text(`${countOf(entry.policies.length, 'policy call', 'policy calls')} since`)}${cites(
            pen,
            entry.policies.slice(-CITED_A_LINK).map((call) => call.key),
          )}`;
    return `${pen.value(cut(entry.arn))}: ${pen.text(countOf(entry.sessions, 'session'))} ${before}; ${expiry}; ${policies}`;
  });
  const times = [
    ...(revokeIssuedBefore === null
      ? []
      : [`${pen.text('One time that ends all of its sessions: aws:TokenIssueTime before')} ${pen.time(revokeIssuedBefore)}`]),
    ...(allExpireBy === null ? [] : [`${pen.text('All of its sessions in evidence have expired by')} ${pen.time(allExpireBy)}`]),
  ];
  const more = [
    cutSentence(keys.length, longTermKeys.length, 'long-term keys'),
    cutSentence(roles.length, revoke.length, 'roles and users'),
  ];
  return [...text.map((t) => pen.text(t)), ...times, ...keys, ...roles, ...more.filter((s) => s !== null).map((s) => pen.text(s))];
}

/** What was left out, in words; null when nothing was. */
function leftSentence({ listed, left, leftEvents, leftDenied }: TreeFacts): string | null {
  if (left === 0) return null;
  return `The list ends here: ${countOf(listed, 'credential')} are listed; ${number(left)} more that were issued from it are left out, the branches with the fewest events (${countOf(leftEvents, 'event')} and ${number(leftDenied)} denied in all of them). The app lists all credentials.`;
}

const LEAD =
  'Who issued what to whom, each credential below the one that it came from. “= exact”: a recorded key ID ties the two; “≈ inferred”: names and times do. Counted over the whole case as it was when the report was made, whatever the selection. In brackets after a value: its events. Of many that are alike all but three stand in brief; where there are many the busiest branches come first.';
const scopeWords = ({ scope }: ReportTree): string =>
  scope === 'tree'
    ? 'The credential, those that it came from, and those that were issued from it.'
    : 'A part of a tree: the credential and those that were issued from it.';
const titleOf = ({ entry, facts }: ReportedTree): string =>
  facts ? `${kindLabel(facts.asked.kind)}: ${cut(nameOf(facts.asked))}` : cut(entry.name);

export function treesHtml({ rows, total }: ReportTrees, utc: boolean, numbering: Numbering): string {
  const pen: Pen = {
    text: html,
    value: (text) => (text === '' ? '<em>(empty text)</em>' : `<bdi>${html(text)}</bdi>`),
    cite: (key) => {
      const n = numbering(key);
      return n === null ? '<span class="ref">[record not shown]</span>' : `<a class="ref" href="#record-${n}">[${n}]</a>`;
    },
    time: (at) => html(stamp(at, utc)),
  };
  const warn = (sentence: string | null): string => (sentence === null ? '' : `<p class="warn">${html(sentence)}</p>`);
  const list = (lines: readonly string[]): string => `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
  const one = (tree: ReportedTree): string => {
    const { entry, facts } = tree;
    const added = `Put into the report ${stamp(entry.addedAt, utc)}.`;
    const body = facts
      ? `${list(summaryLines(pen, facts, entry.scope))}<ol class="tree">${facts.items.map((item) => itemHtml(pen, item, facts)).join('')}</ol>${warn(leftSentence(facts))}<h4>To end it</h4>${list(endLines(pen, facts))}`
      : warn(tree.problem);
    return `<article><h3><bdi>${html(titleOf(tree))}</bdi></h3><p class="small">${html(`${scopeWords(entry)} ${added}`)}</p>${body}</article>`;
  };
  return `<section><h2 class="page">Credential trees</h2><p class="small">${html(LEAD)}</p>${rows.map(one).join('')}${warn(cutSentence(rows.length, total, 'credential trees'))}</section>`;
}

/** Steps below the first credential of the list. */
const indentOf = (item: TreeItem, { items: [first] }: TreeFacts): number => levelOf(item) - levelOf(first);
const levelOf = (item: TreeItem): number => (item.type === 'node' ? item.node.level : item.level);

function moreWords(pen: Pen, { role, credentials, events, denied }: Extract<TreeItem, { type: 'more' }>): string {
  const like = role === null ? '' : ` ${pen.text('of')} ${pen.value(cut(role))}`;
  return `${pen.text(`And ${number(credentials)} more like these`)}${like}${pen.text(`: ${countOf(events, 'event')}, ${number(denied)} denied in all.`)}`;
}

function itemHtml(pen: Pen, item: TreeItem, facts: TreeFacts): string {
  const indent = indentOf(item, facts);
  const level = `l${Math.min(indent, INDENTS)}`;
  if (item.type === 'more') return `<li class="${level}"><em>${moreWords(pen, item)}</em></li>`;
  const { node, brief } = item;
  const { head, lines } = nodeLines(pen, node, brief, indent, item === facts.items[0]);
  const name = `<strong>${pen.value(cut(nameOf(node)))}</strong> ${head}`;
  if (brief) return `<li class="${level} brief">${name}${lines.map((line) => `${pen.text(' · ')}${line}`).join('')}</li>`;
  return `<li class="${level}${node.level === 0 ? ' asked' : ''}">${name}${lines.map((line) => `<div>${line}</div>`).join('')}</li>`;
}

export function treesMarkdown({ rows, total }: ReportTrees, utc: boolean, numbering: Numbering): string[] {
  const pen: Pen = {
    text: markdown,
    value: (text) => (text === '' ? '*(empty text)*' : markdown(text)),
    cite: (key) => {
      const n = numbering(key);
      return n === null ? '\\[record not shown\\]' : `\\[${n}\\]`;
    },
    time: (at) => markdown(stamp(at, utc)),
  };
  const warn = (sentence: string | null): string[] => (sentence === null ? [] : [`**${markdown(sentence)}**`, '']);
  const list = (lines: readonly string[]): string[] => [...lines.map((line) => `- ${line}`), ''];
  const one = (tree: ReportedTree): string[] => {
    const { entry, facts } = tree;
    const head = [
      `### ${markdown(titleOf(tree))}`,
      '',
      markdown(`${scopeWords(entry)} Put into the report ${stamp(entry.addedAt, utc)}.`),
      '',
    ];
    if (!facts) return [...head, ...warn(tree.problem)];
    return [
      ...head,
      ...list(summaryLines(pen, facts, entry.scope)),
      ...facts.items.flatMap((item) => itemMarkdown(pen, item, facts)),
      '',
      ...warn(leftSentence(facts)),
      '#### To end it',
      '',
      ...list(endLines(pen, facts)),
    ];
  };
  return [
    '## Credential trees',
    '',
    markdown(LEAD),
    '',
    ...rows.flatMap(one),
    ...warn(cutSentence(rows.length, total, 'credential trees')),
  ];
}

/** An item of a nested list; its lines are parted by hard breaks. */
function itemMarkdown(pen: Pen, item: TreeItem, facts: TreeFacts): string[] {
  const indent = indentOf(item, facts);
  const blanks = '  '.repeat(Math.min(indent, INDENTS));
  if (item.type === 'more') return [`${blanks}- *${moreWords(pen, item)}*`];
  const { node, brief } = item;
  const { head, lines } = nodeLines(pen, node, brief, indent, item === facts.items[0]);
  const first = `- **${pen.value(cut(nameOf(node)))}** ${head}`;
  if (brief) return [`${blanks}${[first, ...lines].join(pen.text(' · '))}`];
  const whole = [first, ...lines.map((line) => `  ${line}`)];
  return whole.map((line, i) => `${blanks}${line}${i < whole.length - 1 ? '\\' : ''}`);
}
