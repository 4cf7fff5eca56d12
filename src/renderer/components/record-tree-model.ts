/** A record's JSON as a tree to look at: what stands where, and which rows of it are shown. */
import type { JsonNode } from '../../shared/json-tree.ts';

export { type JsonNode, MAX_DEPTH, type ParsedRecord, parseRecord } from '../../shared/json-tree.ts';

/** The node at the keys, or null. Of a repeated key the last one, as every JSON reader takes it. */
export function nodeAt(root: JsonNode | null, ...keys: (string | number)[]): JsonNode | null {
  let current = root;
  for (const key of keys) current = current?.children.findLast((child) => child.key === key) ?? null;
  return current;
}

/** A string (or number or boolean as written) at the keys; null when absent, null, empty or not a scalar. */
export function textAt(root: JsonNode | null, ...keys: (string | number)[]): string | null {
  const found = nodeAt(root, ...keys);
  if (!found || found.kind === 'null' || found.kind === 'object' || found.kind === 'array') return null;
  return found.value === '' ? null : found.value;
}

/** What stands there, honestly: `absent` (no such key), `null` (written as null), or `present`. */
export function presence(root: JsonNode | null, key: string): 'absent' | 'null' | 'present' {
  const found = nodeAt(root, key);
  if (!found) return 'absent';
  return found.kind === 'null' ? 'null' : 'present';
}

export interface TreeRow {
  node: JsonNode;
  depth: number;
  expandable: boolean;
  expanded: boolean;
  /** Set on a row that stands for children not shown yet: how many there are. */
  more: number;
  /** Place among the siblings, from 1, and how many siblings there are. */
  position: number;
  size: number;
}

/** Children of one node that are shown before "show more". */
export const CHILD_LIMIT = 200;

/** The rows of the tree as shown, top to bottom. `limits` raises the number of children of a path. */
export function treeRows(root: JsonNode, expanded: ReadonlySet<string>, limits: ReadonlyMap<string, number>): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (node: JsonNode, depth: number, position: number, size: number, id: string): void => {
    const expandable = node.children.length > 0;
    const open = expandable && expanded.has(id);
    rows.push({ node, depth, expandable, expanded: open, more: 0, position, size });
    if (!open) return;
    const limit = limits.get(node.path) ?? CHILD_LIMIT;
    const count = Math.min(limit, node.children.length);
    for (let i = 0; i < count; i++) walk(node.children[i], depth + 1, i + 1, node.children.length, node.children[i].path);
    if (count < node.children.length) {
      const more = node.children.length - count;
      rows.push({ node, depth: depth + 1, expandable: false, expanded: false, more, position: count + 1, size: node.children.length });
    }
  };
  walk(root, 0, 1, 1, root.path);
  return rows;
}

/** Paths to open at first: the root, and what is small enough to read at a glance. */
export function firstExpanded(root: JsonNode, maxRows = 120): Set<string> {
  const open = new Set<string>([root.path]);
  let rows = root.children.length;
  let level = root.children;
  while (level.length > 0) {
    const next: JsonNode[] = [];
    for (const child of level) {
      if (child.children.length === 0 || child.children.length > 40 || rows + child.children.length > maxRows) continue;
      rows += child.children.length;
      open.add(child.path);
      next.push(...child.children);
    }
    level = next;
  }
  return open;
}

/** Every path that can be opened, at most `max`. */
export function allExpandable(root: JsonNode, max = 5000): Set<string> {
  const open = new Set<string>();
  const waiting = [root];
  for (let node = waiting.pop(); node && open.size < max; node = waiting.pop()) {
    if (node.children.length === 0) continue;
    open.add(node.path);
    waiting.push(...node.children);
  }
  return open;
}
