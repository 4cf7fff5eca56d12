/** No change of a bit goes unnoticed, and nothing that a digest, a sidecar or a key file may hold makes the check fail. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asFile, Chain, check, given, rowOf, shared, type TestFile } from '../unit/engine/integrity/chain-maker.ts';

const chain = new Chain({ hours: 3 });
const files = chain.files();
const keys = [given(shared.list())];

/** The bytes of `text`, which is ASCII, with one of their lower seven bits changed: still ASCII. */
function flipped(text: string, position: number, bit: number): string {
  const bytes = Buffer.from(text);
  bytes[position % bytes.length] ^= 1 << bit;
  return bytes.toString('latin1');
}

describe('one changed bit', () => {
  const spoilt = files.filter((f) => f.kind !== 'log-sidecar');
  test('of any log or digest is noticed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(spoilt.length - 1), fc.nat(), fc.integer({ min: 0, max: 6 }), async (which, position, bit) => {
        const target = spoilt[which];
        const changed = flipped(target.text, position, bit);
        const report = await check(
          files.map((f) => (f === target ? { ...f, text: changed } : f)),
          keys,
        );
        const row = report.rows.find((r) => r.ledgerId === files.indexOf(target) + 1);
        // A digest whose fingerprint or end was hit names a key that is not there: not proven wrong, and never signed.
        expect(row?.verdict).toMatch(target.kind === 'digest' ? /^(invalid|unverified)$/ : /^mismatch$/);
        expect(report.digests.signed + report.logs.matchSigned).toBeLessThan(9);
      }),
      { numRuns: 300 },
    );
  });

  test('of a signature beside the newest digest is noticed', async () => {
    const newest = chain.digests[2];
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 3 }), async (position, bit) => {
        const bytes = Buffer.from(newest.signature, 'hex');
        bytes[position % bytes.length] ^= 1 << bit;
        const sidecar = { ...chain.sidecar({ ...newest, signature: bytes.toString('hex') }) };
        const report = await check([...chain.logs, ...chain.digests.map(asFile), sidecar], keys);
        expect(rowOf(report, newest.object).verdict).toBe('invalid');
      }),
      { numRuns: 100 },
    );
  });
});

describe('hostile documents', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const anyText = fc.oneof(
    fc.string(),
    json.map((v) => JSON.stringify(v)),
  );
  const fields = Object.keys(chain.digests[1].json);
  const strange = fc.oneof(
    json,
    fc.constant('__proto__'),
    fc.constant(1e308),
    fc.constant('9999999-01-01T00:00:00Z'),
    fc.constant('A'.repeat(100_000)),
  );
  const digest = fc.dictionary(fc.constantFrom(...fields), strange).map((some) => JSON.stringify({ ...chain.digests[1].json, ...some }));
  const path = fc.oneof(fc.string(), fc.constantFrom(...files.map((f) => f.path)));
  const file: fc.Arbitrary<TestFile> = fc.oneof(
    fc.record({ path, text: fc.oneof(digest, anyText), kind: fc.constant<TestFile['kind']>('digest') }),
    fc.record({ path, text: anyText, kind: fc.constantFrom<TestFile['kind']>('log-sidecar', 'records', 'other-json') }),
    fc.record({
      path,
      text: fc.dictionary(fc.constantFrom('PublicKeyList', 'publicKeyList', 'Metadata', 'signature'), json).map((v) => JSON.stringify(v)),
      kind: fc.constant<TestFile['kind']>('log-sidecar'),
    }),
  );

  test('never fail the check, and never take a signature away that holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 6 }), async (more) => {
        const report = await check([...files, ...more], keys);
        expect(report.digests.signed).toBeGreaterThanOrEqual(3);
        expect(report.rows.every((r) => r.reason.length > 0)).toBe(true);
        const all = Object.values(report.digests).concat(Object.values(report.logs));
        expect(all.reduce((a, b) => a + b, 0)).toBe(report.rows.length);
      }),
      { numRuns: 300 },
    );
  });
});
