/**
 * What of a credential tree is on screen: collapsed credentials hide what is below them, and where many siblings are alike most of
 * them stand behind one line with their totals. Pure, so that thousands of credentials are tested as data.
 */
import { ALIKE, ALIKE_SHOWN, childrenOf, likenessOf } from '../../../shared/credential-tree.ts';
import type { CredentialId, CredentialKind, CredentialTreeNode } from '../../../shared/lineage.ts';
import { actsAs, credentialName, kindLabel, roleName } from './words.ts';

export interface NodeLine {
  type: 'node';
  /** Tells lines apart. */
  key: string;
  node: CredentialTreeNode;
  /** Steps below the oldest ancestor; what is drawn as indentation. */
  indent: number;
  /** Children that are listed in the tree. */
  children: number;
  open: boolean;
  /** The line that it stands below, and its place among those that stand there, from 1. */
  above: string | null;
  place: { at: number; of: number };
}

/** Siblings behind one line, with what was done with them and with all below them. */
export interface GroupLine extends Omit<NodeLine, 'type' | 'node'> {
  type: 'group';
  /** Themselves, in the order of the lines. */
  nodes: CredentialTreeNode[];
  /** What all of them act as; null when it is not one role or user. */
  alike: string | null;
  /** How many different ones they act as. */
  roles: number;
  kind: CredentialKind | null;
  totals: { credentials: number; events: number; denied: number };
}

export type TreeLine = NodeLine | GroupLine;

export const TREE_SORTS = [
  { value: 'born', label: 'First sign of life' },
  { value: 'events', label: 'Events in the branch' },
  { value: 'denied', label: 'Denied in the branch' },
  { value: 'below', label: 'Credentials below' },
  { value: 'last', label: 'Last use' },
  { value: 'name', label: 'Name' },
] as const;
export type TreeSort = (typeof TREE_SORTS)[number]['value'];

/** With more nodes than this a tree begins with the busiest branches first and all below the first level collapsed. */
const OPEN_ALL = 60;
/** More lines below one credential than this become WIDE and one line for the others. */
const TOO_WIDE = 30;
const WIDE = 25;

export interface TreeIndex {
  nodes: readonly CredentialTreeNode[];
  byId: ReadonlyMap<CredentialId, CredentialTreeNode>;
  children: ReadonlyMap<CredentialId, readonly CredentialTreeNode[]>;
}

export function indexTree(nodes: readonly CredentialTreeNode[]): TreeIndex {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return { nodes, byId, children: childrenOf(nodes) };
}

/** Nodes that begin collapsed, so that a large tree is readable at first sight. */
export function firstCollapsed(nodes: readonly CredentialTreeNode[]): Set<CredentialId> {
  return nodes.length <= OPEN_ALL ? new Set() : collapsedBelow(nodes);
}

/** All below the asked credential's children. */
export const collapsedBelow = (nodes: readonly CredentialTreeNode[]): Set<CredentialId> =>
  new Set(nodes.filter((n) => n.level >= 1 && n.children > 0).map((n) => n.id));

export const firstSort = (nodes: readonly CredentialTreeNode[]): TreeSort => (nodes.length <= OPEN_ALL ? 'born' : 'events');

const name = (node: CredentialTreeNode): string => actsAs(node) ?? credentialName(node);
const ORDER: Record<TreeSort, ((a: CredentialTreeNode, b: CredentialTreeNode) => number) | null> = {
  born: null,
  events: (a, b) => b.totals.events - a.totals.events,
  denied: (a, b) => b.totals.denied - a.totals.denied || b.totals.events - a.totals.events,
  below: (a, b) => b.descendants - a.descendants,
  last: (a, b) => (b.lastUse ?? Number.NEGATIVE_INFINITY) - (a.lastUse ?? Number.NEGATIVE_INFINITY) || 0,
  name: (a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0),
};

interface Entry {
  node: CredentialTreeNode | null;
  /** Of a group: its key, what it holds, and what that has in common. */
  key: string;
  held: Entry[];
}

const nodeEntry = (node: CredentialTreeNode): Entry => ({ node, key: node.id, held: [] });
const nodesOf = (entry: Entry): CredentialTreeNode[] => (entry.node ? [entry.node] : entry.held.flatMap(nodesOf));

/** Siblings in order; of many that are alike, and of too many in all, most behind a line of their own. */
function arrange(parent: CredentialId, siblings: readonly CredentialTreeNode[], sort: TreeSort, whole = false): Entry[] {
  const order = ORDER[sort];
  const ordered = order ? siblings.toSorted(order) : siblings;
  if (whole || ordered.length <= ALIKE) return ordered.map(nodeEntry);
  const alike = new Map<string, CredentialTreeNode[]>();
  for (const node of ordered) {
    const known = alike.get(likenessOf(node));
    if (known) known.push(node);
    else alike.set(likenessOf(node), [node]);
  }
  const entries: Entry[] = [];
  const shown = new Map<string, number>();
  for (const node of ordered) {
    const like = likenessOf(node);
    const all = alike.get(like) ?? [];
    const at = shown.get(like) ?? 0;
    shown.set(like, at + 1);
    if (all.length <= ALIKE || at < ALIKE_SHOWN) entries.push(nodeEntry(node));
    else if (at === ALIKE_SHOWN) entries.push({ node: null, key: `alike|${parent}|${like}`, held: all.slice(ALIKE_SHOWN).map(nodeEntry) });
  }
  if (entries.length <= TOO_WIDE) return entries;
  return [...entries.slice(0, WIDE), { node: null, key: `rest|${parent}`, held: entries.slice(WIDE) }];
}

export interface TreeState {
  collapsed: ReadonlySet<CredentialId>;
  /** Keys of groups that are open. */
  groups: ReadonlySet<string>;
  sort: TreeSort;
}

interface Pending {
  entry: Entry;
  indent: number;
  above: string | null;
  at: number;
  of: number;
}

const below = (entries: readonly Entry[], indent: number, above: string): Pending[] =>
  entries.map((entry, i) => ({ entry, indent, above, at: i + 1, of: entries.length })).reverse();

/** The lines on screen, each after what it stands below; `whole` without groups. */
export function treeLines(index: TreeIndex, { collapsed, groups, sort }: TreeState, whole = false): TreeLine[] {
  const lines: TreeLine[] = [];
  const top = index.nodes[0];
  if (!top) return lines;
  const pending: Pending[] = [{ entry: nodeEntry(top), indent: 0, above: null, at: 1, of: 1 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { entry, indent, above, at, of } = next;
    const { node, key, held } = entry;
    if (node) {
      const children = index.children.get(node.id) ?? [];
      const open = !collapsed.has(node.id);
      lines.push({ type: 'node', key, node, indent, children: children.length, open, above, place: { at, of } });
      if (open && children.length > 0) pending.push(...below(arrange(node.id, children, sort, whole), indent + 1, key));
    } else {
      const open = groups.has(key);
      lines.push({ type: 'group', key, indent, children: held.length, open, above, place: { at, of }, ...groupFacts(nodesOf(entry)) });
      if (open) pending.push(...below(held, indent + 1, key));
    }
  }
  return lines;
}

function alikeName(node: CredentialTreeNode): string | null {
  const role = roleName(node);
  return role === null || node.account === null ? role : `${role} in ${node.account}`;
}

function groupFacts(nodes: CredentialTreeNode[]): Pick<GroupLine, 'nodes' | 'alike' | 'roles' | 'kind' | 'totals'> {
  const [first] = nodes;
  const totals = { credentials: 0, events: 0, denied: 0 };
  for (const node of nodes) {
    totals.credentials += node.descendants + 1;
    totals.events += node.totals.events;
    totals.denied += node.totals.denied;
  }
  const roles = new Set(nodes.map((n) => n.role ?? n.identity ?? n.issuedTo)).size;
  return {
    nodes,
    alike: roles === 1 ? alikeName(first) : null,
    roles,
    kind: nodes.every((n) => n.kind === first.kind) ? first.kind : null,
    totals,
  };
}

/** All that can be open. */
export function allOpen(index: TreeIndex, sort: TreeSort): TreeState {
  const groups = new Set<string>();
  const add = (entries: readonly Entry[]): void => {
    for (const entry of entries) {
      if (entry.node) continue;
      groups.add(entry.key);
      add(entry.held);
    }
  };
  for (const [parent, siblings] of index.children) add(arrange(parent, siblings, sort));
  return { collapsed: new Set(), groups, sort };
}

/** The state in which the line of this credential is on screen too. */
export function revealed(index: TreeIndex, id: CredentialId, state: TreeState): TreeState {
  const collapsed = new Set(state.collapsed);
  const groups = new Set(state.groups);
  let node = index.byId.get(id);
  for (let parent = node?.parent ?? null; node && parent !== null && index.byId.has(parent); parent = node?.parent ?? null) {
    collapsed.delete(parent);
    const wanted = node;
    let entries = arrange(parent, index.children.get(parent) ?? [], state.sort);
    for (;;) {
      const holder: Entry | undefined = entries.find((entry) => !entry.node && nodesOf(entry).includes(wanted));
      if (!holder) break;
      groups.add(holder.key);
      entries = holder.held;
    }
    node = index.byId.get(parent);
  }
  return { ...state, collapsed, groups };
}

/** Lines of the credentials that contain the text, in what they are called or act as, each below those that it came from. */
export function foundLines(index: TreeIndex, text: string, sort: TreeSort): { lines: TreeLine[]; found: ReadonlySet<CredentialId> } {
  const wanted = text.toLowerCase();
  const found = new Set<CredentialId>();
  const kept = new Set<CredentialId>();
  for (const node of index.nodes) {
    const texts = [node.accessKeyId, node.identity, node.issuedTo, node.role, node.id, kindLabel(node.kind)];
    if (!texts.some((t) => t?.toLowerCase().includes(wanted))) continue;
    found.add(node.id);
    for (
      let at: CredentialTreeNode | undefined = node;
      at && !kept.has(at.id);
      at = at.parent === null ? undefined : index.byId.get(at.parent)
    )
      kept.add(at.id);
  }
  const some = indexTree(index.nodes.filter((node) => kept.has(node.id)));
  return { lines: treeLines(some, { collapsed: new Set(), groups: new Set(), sort }, true), found };
}

/** Where typed letters lead: the next line whose name, or what it acts as, begins with them; -1 for none. */
export function typedTo(lines: readonly TreeLine[], from: number, typed: string): number {
  const wanted = typed.toLowerCase();
  const begins = (line: TreeLine): boolean =>
    (line.type === 'node' ? [name(line.node), credentialName(line.node)] : [line.alike]).some((t) => t?.toLowerCase().startsWith(wanted));
  // A first letter goes on to the next; further ones may stay.
  const start = typed.length === 1 ? from + 1 : from;
  for (let i = 0; i < lines.length; i++) if (begins(lines[(start + i) % lines.length])) return (start + i) % lines.length;
  return -1;
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
