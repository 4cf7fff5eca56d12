import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, parseRecord } from '../../../src/shared/json-tree.ts';
import { compareRecords, DIFF_LIMITS, diffRecords, type RecordDiff } from '../../../src/shared/record-diff.ts';

const tree = (text: string): JsonNode => {
  const { root, error } = parseRecord(text);
  if (!root) throw new Error(error ?? '');
  return root;
};
const shown = (text: string, node: JsonNode | null): string | null => (node ? text.slice(node.start, node.end) : null);
const treeOf = (json: unknown): JsonNode => tree(JSON.stringify(json));
/** Differences as `path: a | b`, in the words of the texts. */
function lines(...texts: string[]): string[] {
  const compared = compareRecords(texts);
  if ('problem' in compared) throw new Error(compared.problem);
  return compared.diff.rows.map(({ path, nodes }) => `${path}: ${nodes.map((node, i) => shown(texts[i], node) ?? '–').join(' | ')}`);
}
const sameCount = (...texts: string[]): number => diffRecords(texts.map(tree)).same;

describe('records compared field by field', () => {
  it('lists what is in one only and what differs, and counts the rest', () => {
    const a = '{"eventID":"1","eventName":"A","p":{"x":1,"y":[1,2]},"e":{}}';
    const b = '{"eventID":"1","eventName":"B","p":{"x":1,"y":[1]},"e":null,"new":{"k":"v"}}';
    expect(lines(a, b)).toEqual(['$.eventName: "A" | "B"', '$.p.y[1]: 2 | –', '$.e: {} | null', '$.new: – | {"k":"v"}']);
    expect(sameCount(a, b)).toBe(3);
  });

  it('takes the order of keys and of list elements for no difference, wherever they stand', () => {
    expect(lines('{"a":1,"b":[{"x":1},{"y":[2,3]}]}', '{"b":[{"y":[3,2]},{"x":1}],"a":1}')).toEqual([]);
    // One element more at the front is one difference, not a shift of all.
    expect(lines('{"r":[{"arn":"a"},{"arn":"b"}]}', '{"r":[{"arn":"new"},{"arn":"a"},{"arn":"b"}]}')).toEqual([
      '$.r[0]: – | {"arn":"new"}',
    ]);
    expect(lines('[{"arn":"a","n":1},{"arn":"b"}]', '[{"arn":"b"},{"arn":"a","n":2}]')).toEqual(['$[0].n: 1 | 2']);
    expect(lines('[1,1,2]', '[1,2,2]')).toEqual(['$[1]: 1 | 2']);
  });

  it('tells text from numbers, absent from null, numbers as written, and not how a character was escaped', () => {
    expect(lines('{"a":"1","b":null,"c":1.0,"d":"é"}', '{"a":1,"c":1,"d":"\\u00e9"}')).toEqual([
      '$.a: "1" | 1',
      '$.b: null | –',
      '$.c: 1.0 | 1',
    ]);
  });

  it('compares a repeated key with its own kind', () => {
    expect(lines('{"a":1,"a":2}', '{"a":1}')).toEqual(['$.a (number 2 of this name): 2 | –']);
    expect(lines('{"a":1,"a":2}', '{"a":2,"a":1}')).toEqual(['$.a: 1 | 2', '$.a (number 2 of this name): 2 | 1']);
    expect(lines('{"__proto__":1}', '{"constructor":1}')).toEqual(['$.__proto__: 1 | –', '$.constructor: – | 1']);
  });

  it('compares more than two, and says so when one cannot be compared', () => {
    expect(lines('{"a":1,"l":["x"]}', '{"a":1,"l":["y"]}', '{"a":2,"l":["y","x"]}')).toEqual([
      '$.a: 1 | 1 | 2',
      '$.l[0]: "x" | "y" | "x"',
      '$.l[0]: – | – | "y"',
    ]);
    expect(compareRecords(['{}', 'no JSON'])).toMatchObject({ problem: expect.stringContaining('no JSON that can be compared') });
    expect(compareRecords(['{}', `"${'x'.repeat(DIFF_LIMITS.characters)}"`])).toMatchObject({
      problem: expect.stringContaining('too large'),
    });
    expect(compareRecords([])).toEqual({ texts: [], diff: { rows: [], total: 0, same: 0 } });
  });
});

const value = fc.jsonValue({ maxDepth: 4 });
/** The same content with keys and elements in another order, drawn from a seed. */
function shuffled(json: unknown, seed: number): unknown {
  const order = <T>(list: T[]): T[] =>
    list
      .map((item, i) => ({ item, at: Math.sin(seed + i * 7.13) }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  if (Array.isArray(json)) return order(json.map((v) => shuffled(v, seed + 1)));
  if (typeof json === 'object' && json !== null)
    return Object.fromEntries(order(Object.entries(json)).map(([k, v]) => [k, shuffled(v, seed + 1)]));
  return json;
}
/** The content without any order. */
function canonical(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(canonical).sort().join()}]`;
  if (typeof json === 'object' && json !== null)
    return `{${Object.entries(json)
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
      .sort()
      .join()}}`;
  return JSON.stringify(json);
}
/** The first tree with each difference put to what the second has. */
function applied(root: JsonNode, diff: RecordDiff): unknown {
  const changed = new Map(diff.rows.flatMap(({ nodes: [a, b] }) => (a ? [[a, b] as const] : [])));
  const added = diff.rows.flatMap(({ nodes: [a, b] }) => (a === null && b ? [b] : []));
  const parentOf = (path: string): string => path.slice(0, path.endsWith(']') ? path.lastIndexOf('[') : path.lastIndexOf('.'));
  const plain = (node: JsonNode): unknown => {
    if (changed.has(node)) {
      const other = changed.get(node);
      return other ? plain(other) : undefined;
    }
    if (node.kind === 'object')
      return Object.fromEntries(
        [...node.children, ...added.filter((n) => typeof n.key === 'string' && parentOf(n.path) === node.path)].flatMap((c) =>
          present(c) ? [[c.key, plain(c)]] : [],
        ),
      );
    if (node.kind === 'array')
      return [...node.children, ...added.filter((n) => typeof n.key === 'number' && parentOf(n.path) === node.path)]
        .filter(present)
        .map(plain);
    return node.kind === 'string' ? node.value : JSON.parse(node.value);
  };
  const present = (node: JsonNode): boolean => !(changed.has(node) && changed.get(node) === null);
  return plain(root);
}

describe('the difference of any two values', () => {
  it('is empty exactly when they say the same, and does not depend on any order', () => {
    fc.assert(
      fc.property(value, value, fc.nat(1000), (a, b, seed) => {
        expect(diffRecords([treeOf(a), treeOf(shuffled(a, seed))]).total).toBe(0);
        const diff = diffRecords([treeOf(a), treeOf(b)]);
        expect(diff.total === 0).toBe(canonical(a) === canonical(b));
        expect(diffRecords([treeOf(b), treeOf(a)]).total === 0).toBe(diff.total === 0);
        const other = diffRecords([treeOf(a), treeOf(shuffled(b, seed))]);
        expect(other.same).toBeGreaterThanOrEqual(0);
        expect(other.total === 0).toBe(diff.total === 0);
      }),
      { numRuns: 600 },
    );
  });

  it('makes the one into the other when it is applied', () => {
    // Plain keys, and lists of which only one place is changed: what a path alone can say.
    const record = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,4}$/),
      fc.oneof(
        fc.integer(),
        fc.string(),
        fc.constant(null),
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,3}$/),
          fc.oneof(fc.integer(), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 })),
        ),
      ),
    );
    fc.assert(
      fc.property(record, record, (a, b) => {
        const root = treeOf(a);
        expect(canonical(applied(root, diffRecords([root, treeOf(b)])))).toBe(canonical(b));
      }),
      { numRuns: 600 },
    );
  });
});

describe('hostile records', () => {
  it('deep, wide, repetitive: the work stays in proportion and the list is bounded', () => {
    const deep = (leaf: string): string => `${'{"a":['.repeat(190)}${leaf}${']}'.repeat(190)}`;
    expect(diffRecords([tree(deep('1')), tree(deep('2'))]).total).toBe(1);
    expect(compareRecords([`${'['.repeat(100_000)}`, '{}'])).toHaveProperty('problem');
    const n = 100_000;
    const wide = (from: number): string => `{${Array.from({ length: n }, (_, i) => `"k${from + i}":${i}`).join()}}`;
    const two = diffRecords([tree(wide(0)), tree(wide(n / 2))]);
    expect(two.total).toBe(n + n / 2);
    expect(two.rows).toHaveLength(DIFF_LIMITS.rows);
    const list = (value: string): string => `[${Array.from({ length: n }, () => value).join()}]`;
    expect(diffRecords([tree(list('[]')), tree(list('[]'))]).total).toBe(0);
    expect(diffRecords([tree(list('1')), tree(list('2'))]).total).toBe(n);
    const keys = `{${Array.from({ length: n }, () => '"a":1').join()}}`;
    expect(diffRecords([tree(keys), tree('{"a":1}')]).total).toBe(n - 1);
  }, 60_000);
});
