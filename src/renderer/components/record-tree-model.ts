/**
 * A record's JSON as a tree that loses nothing: numbers as written, keys in their order, a key that occurs twice shown twice,
 * each node with its place in the text and its path. `JSON.parse` would silently drop all three.
 */

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

export interface JsonNode {
  kind: JsonKind;
  /** Name or index in the parent; null for the root. */
  key: string | number | null;
  /** E.g. `$.userIdentity.sessionContext` or `$.resources[0].ARN`. */
  path: string;
  /** A string decoded; a number, boolean or null as written; empty for objects and arrays. */
  value: string;
  children: JsonNode[];
  /** Place in the text: UTF-16 units, end exclusive. */
  start: number;
  end: number;
  /** The same key occurs more than once in the parent. */
  repeatedKey: boolean;
}

export type ParsedRecord = { root: JsonNode; error: null } | { root: null; error: string };

/** Deeper nesting than this is refused: no record of CloudTrail comes near it, and recursion must end. */
export const MAX_DEPTH = 400;

class JsonProblem extends Error {}

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;
export const childPath = (path: string, key: string | number): string =>
  typeof key === 'number' ? `${path}[${key}]` : PLAIN_KEY.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = ['true', 'false', 'null'] as const;

/** Never throws: text that is not JSON gives a sentence with the place. */
export function parseRecord(text: string): ParsedRecord {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  const fail = (what: string): never => {
    throw new JsonProblem(`Not JSON: ${what} at character ${at + 1}.`);
  };
  const skip = (): void => {
    for (;;) {
      const c = text.charCodeAt(at);
      if (c === 32 || c === 9 || c === 10 || c === 13) at++;
      else return;
    }
  };
  const readString = (): string => {
    const begin = at;
    at++;
    for (;;) {
      const c = text.charCodeAt(at);
      if (Number.isNaN(c)) return fail('a string without end');
      if (c === 34) break;
      at += c === 92 ? 2 : 1;
    }
    at++;
    try {
      return JSON.parse(text.slice(begin, at)) as string;
    } catch {
      at = begin;
      return fail('a malformed string');
    }
  };
  const node = (kind: JsonKind, key: string | number | null, path: string, start: number, value = ''): JsonNode => ({
    kind,
    key,
    path,
    value,
    children: [],
    start,
    end: at,
    repeatedKey: false,
  });
  const readMembers = (parent: JsonNode, depth: number): void => {
    const seen = new Map<string, JsonNode>();
    at++;
    skip();
    if (text[at] === '}') {
      at++;
      return;
    }
    for (;;) {
      skip();
      if (text[at] !== '"') fail('a key was expected');
      const key = readString();
      skip();
      if (text[at] !== ':') fail('“:” was expected');
      at++;
      const child = readValue(key, childPath(parent.path, key), depth + 1);
      const earlier = seen.get(key);
      if (earlier) earlier.repeatedKey = child.repeatedKey = true;
      seen.set(key, child);
      parent.children.push(child);
      skip();
      const c = text[at++];
      if (c === '}') return;
      if (c !== ',') {
        at--;
        fail('“,” or “}” was expected');
      }
    }
  };
  const readElements = (parent: JsonNode, depth: number): void => {
    at++;
    skip();
    if (text[at] === ']') {
      at++;
      return;
    }
    for (;;) {
      const index = parent.children.length;
      parent.children.push(readValue(index, childPath(parent.path, index), depth + 1));
      skip();
      const c = text[at++];
      if (c === ']') return;
      if (c !== ',') {
        at--;
        fail('“,” or “]” was expected');
      }
    }
  };
  const readValue = (key: string | number | null, path: string, depth: number): JsonNode => {
    if (depth > MAX_DEPTH) fail(`nesting deeper than ${MAX_DEPTH}`);
    skip();
    const start = at;
    const c = text[at];
    if (c === '{' || c === '[') {
      const parent = node(c === '{' ? 'object' : 'array', key, path, start);
      if (c === '{') readMembers(parent, depth);
      else readElements(parent, depth);
      parent.end = at;
      return parent;
    }
    if (c === '"') {
      const value = readString();
      return node('string', key, path, start, value);
    }
    for (const literal of LITERALS) {
      if (text.startsWith(literal, at)) {
        at += literal.length;
        return node(literal === 'null' ? 'null' : 'boolean', key, path, start, literal);
      }
    }
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(text);
    if (!number) return fail(c === undefined ? 'the text ends' : 'an unexpected character');
    at += number[0].length;
    return node('number', key, path, start, number[0]);
  };

  try {
    const root = readValue(null, '$', 0);
    skip();
    if (at < text.length) fail('text after the record');
    return { root, error: null };
  } catch (thrown) {
    if (thrown instanceof JsonProblem) return { root: null, error: thrown.message };
    throw thrown;
  }
}

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
