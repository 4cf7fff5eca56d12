/** A note begun from a credential's page: chain, tree and what to do, in Markdown with the evidence in it escaped, and the events cited. */
import type { EventKey } from '../../../shared/brand.ts';
import type { CredentialDetails, CredentialTree } from '../../../shared/lineage.ts';
import { countOf } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import { escapeMarkdown } from '../notes/citation.ts';
import { credentialName, kindLabel } from './words.ts';

const NODES_WRITTEN = 100;
const CITED = 20;

export function credentialNote(
  details: CredentialDetails,
  tree: CredentialTree | null,
  time: Pick<TimeWords, 'zoned'>,
): [text: string, keys: EventKey[]] {
  const name = (row: Parameters<typeof credentialName>[0]): string => escapeMarkdown(credentialName(row));
  const keys = new Set<EventKey>();
  const lines = [`# ${kindLabel(details.kind)}: ${name(details)}`, ''];
  lines.push(
    `${countOf(details.events, 'event')}, ${countOf(details.denied, 'denied', 'denied')}; ${countOf(details.descendants, 'credential')} issued from it.`,
    '',
    '## Who is behind it',
    '',
  );
  for (const { credential, link } of details.chain) {
    lines.push(
      `- ${name(credential)} (${kindLabel(credential.kind)}${credential.principal === null ? '' : `, ${escapeMarkdown(credential.principal)}`})`,
    );
    if (!link) continue;
    lines.push(`  - ${link.proof}: ${escapeMarkdown(link.reason)}`);
    for (const key of link.events) keys.add(key);
  }
  lines.push(`- ${escapeMarkdown(details.stop.text)}`, '');
  if (tree && tree.nodes.length > 1) {
    lines.push('## What came of it', '');
    const top = tree.nodes[0].level;
    for (const node of tree.nodes.slice(0, NODES_WRITTEN)) {
      const span = node.firstUse === null ? 'never used' : `${time.zoned(node.firstUse)} to ${time.zoned(node.lastUse)}`;
      const proof = node.link ? `${node.link.proof === 'exact' ? 'exact' : 'inferred'}, ` : '';
      lines.push(
        `${'  '.repeat(Math.min(node.level - top, 8))}- ${name(node)} (${kindLabel(node.kind)}): ${proof}${countOf(node.events, 'event')}, ${countOf(node.denied, 'denied', 'denied')}, ${span}`,
      );
    }
    const left = tree.left + Math.max(0, tree.nodes.length - NODES_WRITTEN);
    if (left > 0) lines.push(`- and ${countOf(left, 'further credential')}`);
    lines.push('');
  }
  lines.push('## To end it', '', ...details.containment.text.map((t) => `- ${escapeMarkdown(t)}`));
  const { revokeIssuedBefore, longTermKeys } = details.containment;
  for (const key of longTermKeys)
    lines.push(`- Deactivate ${escapeMarkdown(key.accessKeyId)}${key.user === null ? '' : ` of ${escapeMarkdown(key.user)}`}`);
  if (revokeIssuedBefore !== null) lines.push(`- Revoke sessions issued before ${time.zoned(revokeIssuedBefore)} (aws:TokenIssueTime)`);
  return [`${lines.join('\n')}\n\n`, [...keys].slice(0, CITED)];
}
