/** A note begun from a credential's page: chain, tree and what to do, in Markdown with the evidence in it escaped and the events cited where they count. */
import type { CredentialDetails, CredentialTree } from '../../../shared/lineage.ts';
import { countOf } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import { citationLink, escapeMarkdown } from '../notes/citation.ts';
import { actsAs, credentialName, kindLabel } from './words.ts';

const NODES_WRITTEN = 100;
const CITED_A_LINK = 3;

export function credentialNote(details: CredentialDetails, tree: CredentialTree | null, time: Pick<TimeWords, 'zoned'>): string {
  const name = (row: Parameters<typeof credentialName>[0]): string => escapeMarkdown(credentialName(row));
  const role = (row: Parameters<typeof actsAs>[0]): string => {
    const who = actsAs(row);
    return who === null ? '' : ` as ${escapeMarkdown(who)}`;
  };
  const lines = [`# ${kindLabel(details.kind)}: ${name(details)}`, ''];
  lines.push(
    `${countOf(details.events, 'event')}, ${countOf(details.denied, 'denied', 'denied')}; ${countOf(details.descendants, 'credential')} issued from it.`,
    '',
    details.chain[0]?.credential.launched ? '## Who launched its instance' : '## Who is behind it',
    '',
  );
  for (const { credential, link } of details.chain) {
    lines.push(
      `- ${name(credential)} (${kindLabel(credential.kind)}${credential.principal === null ? '' : `, ${escapeMarkdown(credential.principal)}`})`,
    );
    if (!link) continue;
    const cited = link.events.slice(0, CITED_A_LINK).map((key, i) => citationLink(key, `event ${i + 1}`));
    lines.push(`  - ${link.proof}: ${escapeMarkdown(link.reason)} ${cited.join(', ')}`);
  }
  lines.push(`- ${escapeMarkdown(details.stop.text)}`, '');
  if (tree && tree.nodes.length > 1) {
    lines.push('## What came of it', '');
    const top = tree.nodes[0].level;
    for (const node of tree.nodes.slice(0, NODES_WRITTEN)) {
      const span = node.firstUse === null ? 'never used' : `${time.zoned(node.firstUse)} to ${time.zoned(node.lastUse)}`;
      const proof = node.link ? `${node.link.proof === 'exact' ? 'exact' : 'inferred'}, ` : '';
      lines.push(
        `${'  '.repeat(Math.min(node.level - top, 8))}- ${name(node)}${role(node)} (${kindLabel(node.kind)}): ${proof}${countOf(node.events, 'event')}, ${countOf(node.denied, 'denied', 'denied')}, ${span}`,
      );
    }
    const left = tree.left + Math.max(0, tree.nodes.length - NODES_WRITTEN);
    if (left > 0) lines.push(`- and ${countOf(left, 'further credential')}`);
    lines.push('');
  }
  lines.push('## To end it', '', ...details.containment.text.map((t) => `- ${escapeMarkdown(t)}`));
  const { revoke, longTermKeys } = details.containment;
  for (const key of longTermKeys) {
    const named = `${escapeMarkdown(key.accessKeyId)}${key.user === null ? '' : ` of ${escapeMarkdown(key.user)}`}`;
    lines.push(key.deleted === null ? `- Deactivate ${named}` : `- Deleted: ${named} ${citationLink(key.deleted.key, 'its event')}`);
    if (key.usesAfter === null || key.usesAfter.uses === 0) continue;
    const { events, eventName, uses } = key.usesAfter;
    const cited = events.slice(0, CITED_A_LINK).map((event, i) => citationLink(event, `event ${i + 1}`));
    lines.push(`  - ${countOf(uses, 'use')} after ${escapeMarkdown(eventName)}: ${cited.join(', ')}`);
  }
  for (const { arn, means, sessions, issuedBefore, policies } of revoke) {
    if (means !== 'policy') {
      lines.push(`- ${escapeMarkdown(arn)}: ${countOf(sessions, 'session')}; no policy with aws:TokenIssueTime ends them, see above`);
      continue;
    }
    const when = issuedBefore === null ? 'whose issue is not recorded' : `issued before ${time.zoned(issuedBefore)} (aws:TokenIssueTime)`;
    const since = policies.map((call) => `${escapeMarkdown(call.eventName)} ${citationLink(call.key, 'its event')}`);
    const seen = since.length === 0 ? 'no policy written since in evidence' : `written since: ${since.join(', ')}`;
    lines.push(`- Revoke of ${escapeMarkdown(arn)} ${countOf(sessions, 'session')} ${when}; ${seen}`);
  }
  return `${lines.join('\n')}\n\n`;
}
