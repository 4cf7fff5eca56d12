/**
 * JSON text as a tree that loses nothing: numbers as written, keys in their order, a key that occurs twice twice, each node with its
 * place in the text and its path. `JSON.parse` would silently drop all three.
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
