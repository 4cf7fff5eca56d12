/** What the tree on screen and the tree in a report have in common: whose children are whose, and which siblings are alike. */
import type { CredentialId, CredentialTreeNode } from './lineage.ts';

/** Of more siblings alike than this the first ALIKE_SHOWN stand by themselves. */
export const ALIKE = 6;
export const ALIKE_SHOWN = 3;

/** `nodes` each after its parent, the asked one's topmost ancestor first, as `CredentialTree` has them; children keep their order. */
export function childrenOf(nodes: readonly CredentialTreeNode[]): Map<CredentialId, CredentialTreeNode[]> {
  const children = new Map<CredentialId, CredentialTreeNode[]>();
  for (const node of nodes.slice(1)) {
    if (node.parent === null) continue;
    const known = children.get(node.parent);
    if (known) known.push(node);
    else children.set(node.parent, [node]);
  }
  return children;
}

/** The role or user that the credential is of. */
export const roleOf = (node: CredentialTreeNode): string | null => node.role ?? node.identity ?? node.issuedTo;

/** Equal for credentials of one kind and one role or user. */
export const likenessOf = (node: CredentialTreeNode): string => `${node.kind}|${roleOf(node) ?? ''}`;
