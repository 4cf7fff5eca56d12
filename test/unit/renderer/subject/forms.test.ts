import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/engine/client/index.ts';
import { alikeForms, bucketForms, bucketOf, lastPart } from '../../../../src/renderer/views/subject/forms.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct } from '../../engine/query/support.ts';

const ARN = 'arn:aws:s3:::exports';

async function caseOf(table: string): Promise<{ bench: Bench; engine: Engine }> {
  const bench = await Bench.with(commitOf('c', ct(table)));
  return { bench, engine: { query: { run: bench.core.run.bind(bench.core) } } as unknown as Engine };
}

const TRAIL = `
  t | id | eventSource          | res
  1 | 1  | s3.amazonaws.com     | ${ARN},exports
  2 | 2  | s3.amazonaws.com     | ${ARN},exports
  3 | 3  | s3.amazonaws.com     | exports
  4 | 4  | iam.amazonaws.com    | exports
  5 | 5  | s3.amazonaws.com     | ${ARN}/2026/exports
  6 | 6  | backup.amazonaws.com | ${ARN}
  7 | 7  | iam.amazonaws.com    | arn:aws:iam::111122223333:role/exports`;

const counted = async (bench: Bench, filter: Parameters<typeof Object>[0]): Promise<number> => {
  const [count] = await bench.answers({ ...EMPTY_SELECTION, filters: [filter] }, { ask: 'count' });
  return count.events;
};

describe('a bucket by its ARN and by its name', () => {
  it('is one thing in S3 events: both are counted, an event with both once, a role of the same name never', async () => {
    const { bench, engine } = await caseOf(TRAIL);
    const forms = await bucketForms(engine, ARN);
    expect(forms).toMatchObject({ arn: { value: ARN, events: 3 }, name: { value: 'exports', events: 3 } });
    expect(await counted(bench, forms?.filter)).toBe(4);
    bench.close();
  });
  it('and from the page of the name: all that the name has, and what only the ARN names', async () => {
    const { bench, engine } = await caseOf(TRAIL);
    const forms = await bucketForms(engine, 'exports');
    expect(forms).toMatchObject({ arn: { value: ARN, events: 3 }, name: { value: 'exports', events: 4 } });
    expect(await counted(bench, forms?.filter)).toBe(5);
    bench.close();
  });
  it('is not taken for one where the format does not say so', async () => {
    const twoPartitions = await caseOf(`
      t | id | eventSource      | res
      1 | 1  | s3.amazonaws.com | ${ARN},exports
      2 | 2  | s3.amazonaws.com | arn:aws-cn:s3:::exports,exports`);
    expect(await bucketForms(twoPartitions.engine, ARN)).toBeNull();
    expect(await bucketForms(twoPartitions.engine, 'exports')).toBeNull();
    const noS3 = await caseOf(`
      t | id | eventSource          | res
      1 | 1  | backup.amazonaws.com | ${ARN}
      2 | 2  | iam.amazonaws.com    | exports`);
    expect(await bucketForms(noS3.engine, ARN)).toBeNull();
    expect(await bucketForms(noS3.engine, 'exports')).toBeNull();
    for (const value of ['', 'a', `${ARN}/key`, 'arn:aws:iam::1:role/x', 'a/b', 'arn:aws:s3:::', 'x\u202ey'])
      expect(bucketOf(value)).toBeNull();
    twoPartitions.bench.close();
    noS3.bench.close();
  });
});

describe('what ends alike', () => {
  it('is told with its events, and is not the value itself', async () => {
    const { bench, engine } = await caseOf(TRAIL);
    expect(await alikeForms(engine, ARN)).toEqual({
      values: [
        { value: 'exports', events: 4 },
        { value: `${ARN}/2026/exports`, events: 1 },
        { value: 'arn:aws:iam::111122223333:role/exports', events: 1 },
      ].sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1)),
      more: false,
    });
    expect((await alikeForms(engine, 'arn:aws:iam::111122223333:role/exports')).values.map((f) => f.value)).toContain(ARN);
    expect(await alikeForms(engine, 'x/ab')).toEqual({ values: [], more: false });
    bench.close();
  });
  it('is what stands behind the last separator', () => {
    expect(lastPart('arn:aws:iam::1:role/a/b')).toBe('b');
    expect(lastPart('arn:aws:sns:us-east-1:1:topic')).toBe('topic');
    expect(lastPart('plain')).toBe('plain');
    expect(lastPart('a/')).toBe('');
  });
});
