/** Columns that came after version 1 are absent from its segments, and absent columns of today take no room. */
import { expect, it } from 'vitest';
import { DICT_COLUMN_IDS, type DictColumnId } from '../../../../src/shared/columns.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, type TestCommit } from '../query/support.ts';

/** As the first version wrote it: nothing of the columns that came later. */
function older(commit: TestCommit): TestCommit {
  const segment = commit.attached.header.segment;
  if (!segment) throw new Error('no segment');
  const first = DICT_COLUMN_IDS.slice(0, DICT_COLUMN_IDS.indexOf('vpcEndpointId') + 1);
  const only = <T>(of: Record<DictColumnId, T>): Record<DictColumnId, T> =>
    Object.fromEntries(first.map((id) => [id, of[id]])) as Record<DictColumnId, T>;
  const dictionaries = { ...only(segment.dictionaries), resource: segment.dictionaries.resource };
  const layout = { ...segment, version: 1, dict: only(segment.dict), dictionaries };
  return { ...commit, attached: { ...commit.attached, header: { ...commit.attached.header, segment: layout } } };
}

it('reads a segment of version 1: its events are there, and later columns are absent', async () => {
  const bench = await Bench.with(
    older(
      commitOf(
        'old',
        ct`t | id | eventName
           0 | 1  | AssumeRole`,
      ),
    ),
  );
  const [names, keys] = await bench.answers(
    EMPTY_SELECTION,
    { ask: 'facet', column: 'eventName', limit: 5 },
    { ask: 'facet', column: 'issuedKey', limit: 5 },
  );
  bench.close();
  expect(names.values).toEqual([{ value: 'AssumeRole', count: 1 }]);
  expect(keys.values).toEqual([{ value: null, count: 1 }]);
});
