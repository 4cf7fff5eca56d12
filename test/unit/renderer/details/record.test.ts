import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHILD_LIMIT,
  firstExpanded,
  type JsonNode,
  MAX_DEPTH,
  nodeAt,
  parseRecord,
  presence,
  textAt,
  treeRows,
} from '../../../../src/renderer/components/record-tree-model.ts';
import { cut, hoverText, linePieces, visiblePieces, visibleString } from '../../../../src/renderer/components/visible-text.tsx';

const tree = (text: string): JsonNode => {
  const { root, error } = parseRecord(text);
  if (!root) throw new Error(error ?? '');
  return root;
};

/** What JSON.parse would have made of the tree. */
function plain(node: JsonNode): unknown {
  if (node.kind === 'object') return Object.fromEntries(node.children.map((c) => [c.key, plain(c)]));
  if (node.kind === 'array') return node.children.map(plain);
  return node.kind === 'string' ? node.value : JSON.parse(node.value);
}

describe('a record as a tree', () => {
  it('reads every JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.stringify(plain(tree(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses what JSON.parse refuses, with the place', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '-', '.', 'e', 'true', 'null', ' ', 'a', '\\') }),
        (text) => {
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          expect(parseRecord(text).root !== null).toBe(valid);
        },
      ),
      { numRuns: 2000 },
    );
    expect(parseRecord('{"a":1,}').error).toBe('Not JSON: a key was expected at character 8.');
  });

  it('keeps numbers as written and repeated keys twice', () => {
    const root = tree('{"id":12345678901234567890,"n":1.10,"id":2}');
    expect(root.children.map((c) => [c.key, c.value, c.repeatedKey])).toEqual([
      ['id', '12345678901234567890', true],
      ['n', '1.10', false],
      ['id', '2', true],
    ]);
    expect(textAt(root, 'id')).toBe('2');
  });

  it('names the place of every value', () => {
    const text = '{"a b":[{"x":"y"}],"c":null}';
    const root = tree(text);
    const node = nodeAt(root, 'a b', 0, 'x');
    expect(node?.path).toBe('$["a b"][0].x');
    expect(text.slice(node?.start, node?.end)).toBe('"y"');
    expect([presence(root, 'c'), presence(root, 'd'), presence(root, 'a b')]).toEqual(['null', 'absent', 'present']);
  });

  it('ends at nesting that would exhaust the stack', () => {
    expect(parseRecord('['.repeat(100_000)).error).toContain(`nesting deeper than ${MAX_DEPTH}`);
    expect(parseRecord(`${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}`).error).toBeNull();
  });

  it('shows large lists in parts', () => {
    const root = tree(JSON.stringify({ list: Array.from({ length: 1000 }, (_, i) => i) }));
    expect(firstExpanded(root)).toEqual(new Set(['$']));
    const rows = treeRows(root, new Set(['$', '$.list']), new Map());
    expect(rows).toHaveLength(2 + CHILD_LIMIT + 1);
    expect(rows.at(-1)?.more).toBe(1000 - CHILD_LIMIT);
    expect(treeRows(root, new Set(['$', '$.list']), new Map([['$.list', 1000]]))).toHaveLength(1002);
  });
});

describe('text of evidence made visible', () => {
  it('names what would not be seen', () => {
    expect(visibleString('exe.\u202Egnp\u0007\u0000\u200B\u00A0\u{E0041}')).toBe('exe.⟨RLO⟩gnp⟨U+0007⟩⟨NUL⟩⟨ZWSP⟩⟨NBSP⟩⟨U+E0041⟩');
    expect(visibleString('a\ud800b')).toBe('a⟨U+D800⟩b');
    expect(visibleString('Zoë 東京 <b>&amp; 🙂')).toBe('Zoë 東京 <b>&amp; 🙂');
  });

  it('marks pieces without losing any other character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const pieces = visiblePieces(text);
        const kept = pieces
          .filter((p) => !p.special)
          .map((p) => p.text)
          .join('');
        let at = 0;
        for (const character of kept) {
          at = text.indexOf(character, at) + character.length;
          expect(at).toBeGreaterThan(0);
        }
        expect(kept).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('keeps on a narrow line what tells a value apart', () => {
    const pieces = (text: string): string[] => linePieces(text).map((p) => `${p.give}: ${p.text}`);
    expect(pieces('111122223333/role/AWSReservedSSO_PlatformAdmin_1f0a9b7d2e635846')).toEqual([
      'second: 111122223333',
      'first: /role/AWSReservedSSO_',
      'third: PlatformAdmin_1f0a9b7d2e635846',
    ]);
    expect(pieces('service/cloudtrail.amazonaws.com')).toEqual(['first: service/', 'last: cloudtrail', 'first: .amazonaws.com']);
    expect(pieces('arn:aws:s3:::larkfield-prod-orders')).toEqual(['first: arn:aws:s3:::', 'last: larkfield-prod-orders']);
    expect(pieces('arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnly_1f0a9b7d2e635846/ann@example.com')).toEqual([
      'first: arn:aws:sts::111122223333:',
      'first: assumed-role/AWSReservedSSO_',
      'third: ReadOnly_1f0a9b7d2e635846',
      'last: /ann@example.com',
    ]);
    expect(pieces('AWSReservedSSO_ReadOnly_1f0a9b7d2e635846 / ann@example.com')).toEqual([
      'first: AWSReservedSSO_',
      'third: ReadOnly_1f0a9b7d2e635846',
      'last:  / ann@example.com',
    ]);
    expect(pieces('ann.nonymous@department.example.com')).toEqual(['third: ann.nonymous@department.example.com']);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'arn:/_AWSReservedSSO_0123456789abcdef') }), (text) => {
        expect(
          linePieces(text)
            .map((p) => p.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('cuts long values between characters and says how long they are', () => {
    expect(cut('ab🙂', 3)).toBe('ab');
    expect(hoverText('x'.repeat(100_000))).toMatch(/… \(100,000 characters\)$/);
  });
});
