/** The order in which a report lists a tree: the busiest branches first where there are many, siblings alike together and most of them in brief. */
import { ALIKE, ALIKE_SHOWN, childrenOf, likenessOf, roleOf } from '../../shared/credential-tree.ts';
import type { CredentialTreeNode } from '../../shared/lineage.ts';

/** With more credentials than this the order is that of the events in their branches, else that of their first sign of life. */
const STORY = 60;
export type TreeItem =
  | { type: 'node'; node: CredentialTreeNode; brief: boolean }
  /** Stands before siblings in brief: how many they are, and what was done with them. */
  | { type: 'more'; level: number; role: string | null; credentials: number; events: number; denied: number };

/** `nodes` each after its parent, as `CredentialTree` has them. */
export function treeItems(nodes: readonly CredentialTreeNode[]): TreeItem[] {
  const children = childrenOf(nodes);
  const busiest = nodes.length > STORY;
  const items: TreeItem[] = [];
  const pending: TreeItem[] = nodes.slice(0, 1).map(full);
  for (let item = pending.pop(); item; item = pending.pop()) {
    items.push(item);
    if (item.type === 'more') continue;
    const siblings = children.get(item.node.id) ?? [];
    if (busiest) siblings.sort((a, b) => b.totals.events - a.totals.events);
    pending.push(...arranged(siblings).reverse());
  }
  return items;
}

const full = (node: CredentialTreeNode): TreeItem => ({ type: 'node', node, brief: false });

function arranged(siblings: readonly CredentialTreeNode[]): TreeItem[] {
  const alike = new Map<string, CredentialTreeNode[]>();
  const likeness = (node: CredentialTreeNode): string | null => (node.descendants > 0 ? null : likenessOf(node));
  for (const node of siblings) {
    const like = likeness(node);
    if (like === null) continue;
    const known = alike.get(like);
    if (known) known.push(node);
    else alike.set(like, [node]);
  }
  const written = new Set<string>();
  return siblings.flatMap((node) => {
    const like = likeness(node);
    const all = like === null ? [] : (alike.get(like) ?? []);
    if (like === null || all.length <= ALIKE) return [full(node)];
    if (written.has(like)) return [];
    written.add(like);
    const rest = all.slice(ALIKE_SHOWN);
    const sum = (of: 'events' | 'denied'): number => rest.reduce((n, one) => n + one[of], 0);
    const more: TreeItem = {
      type: 'more',
      level: node.level,
      role: roleOf(node),
      credentials: rest.length,
      events: sum('events'),
      denied: sum('denied'),
    };
    return [...all.slice(0, ALIKE_SHOWN).map(full), more, ...rest.map((one): TreeItem => ({ type: 'node', node: one, brief: true }))];
  });
}
