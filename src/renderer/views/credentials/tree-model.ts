/** Which nodes of a credential tree are on screen: collapsed ones hide what is below them. Pure, so that 500 nodes are tested as data. */
import type { CredentialId, CredentialTreeNode } from '../../../shared/lineage.ts';

export interface TreeLine {
  node: CredentialTreeNode;
  /** Steps below the oldest ancestor; what is drawn as indentation. */
  indent: number;
  /** Children that are listed in the tree. */
  children: number;
  open: boolean;
}

/** With more nodes than this, what lies more than two levels below the asked credential begins collapsed. */
const OPEN_ALL = 60;

/** Nodes that begin collapsed, so that a large tree is readable at first sight. */
export function firstCollapsed(nodes: readonly CredentialTreeNode[]): Set<CredentialId> {
  if (nodes.length <= OPEN_ALL) return new Set();
  return new Set(nodes.filter((n) => n.level >= 1 && n.children > 0).map((n) => n.id));
}

/** Lines in the order of the nodes (each after its parent), without what is below a collapsed one. */
export function treeLines(nodes: readonly CredentialTreeNode[], collapsed: ReadonlySet<CredentialId>): TreeLine[] {
  const top = nodes[0]?.level ?? 0;
  const shown = new Set<CredentialId>();
  const counts = new Map<CredentialId, number>();
  for (const node of nodes) if (node.parent !== null) counts.set(node.parent, (counts.get(node.parent) ?? 0) + 1);
  const lines: TreeLine[] = [];
  for (const node of nodes) {
    const first = lines.length === 0;
    if (!first && (node.parent === null || !shown.has(node.parent))) continue;
    const open = !collapsed.has(node.id);
    if (open) shown.add(node.id);
    lines.push({ node, indent: node.level - top, children: counts.get(node.id) ?? 0, open });
  }
  return lines;
}

/** A node and all nodes below it. */
export function subtree(nodes: readonly CredentialTreeNode[], root: CredentialId): CredentialTreeNode[] {
  const inside = new Set<CredentialId>([root]);
  return nodes.filter((node) => {
    if (node.id === root) return true;
    if (node.parent === null || !inside.has(node.parent)) return false;
    inside.add(node.id);
    return true;
  });
}
