import { describe, expect, it } from 'vitest';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, ct, selection, uuid } from '../query/support.ts';

const ROWS = ct`
  t | id | file | eventName | sourceIPAddress   | userAgent                     | vpcEndpointId
  0 | 1  | a    | GetX      | 198.51.100.1      | aws-cli/2.1.1                 | -
  1 | 2  | a    | GetX      | 10.0.0.1          | aws-cli/2.2.2 x/kali          | vpce-1
  2 | 3  | a    | GetX      | 10.0.0.1          | Boto3/1.1                     | -
  3 | 4  | a    | GetX      | ec2.amazonaws.com | ec2.amazonaws.com             | vpce-1
  4 | 5  | a    | GetX      | -                 | -                             | -
`;

describe('columns read off agents and addresses', () => {
  it('are counted, filtered, grouped and shown like stored ones', async () => {
    const bench = await Bench.with(commitOf('one', ROWS));
    const [tools, kinds, marks, groups] = await bench.answers(
      EMPTY_SELECTION,
      { ask: 'facet', column: 'agentTool', limit: 9 },
      { ask: 'facet', column: 'addressKind', limit: 9 },
      { ask: 'facet', column: 'agentMark', limit: 9 },
      { ask: 'group', by: 'agentTool', sort: 'count', descending: true, offset: 0, limit: 9, distinct: ['sourceIPAddress'] },
    );
    const counts = (answer: typeof tools) => Object.fromEntries(answer.values.map((v) => [String(v.value), v.count]));
    expect(counts(tools)).toEqual({ 'aws-cli/2.x': 2, Boto3: 1, 'AWS service': 1, null: 1 });
    expect(counts(kinds)).toEqual({ public: 1, 'VPC endpoint': 1, private: 1, 'AWS service': 1, null: 1 });
    expect(counts(marks)).toEqual({ 'Kali Linux': 1, null: 4 });
    expect(groups.rows[0]).toMatchObject({ value: 'aws-cli/2.x', count: 2, distinct: [2] });
    expect(await bench.ids(selection({ op: 'in', column: 'agentTool', values: ['aws-cli/2.x'] }))).toEqual([uuid(1), uuid(2)]);
    expect(await bench.ids(selection({ op: 'in', column: 'agentMark', values: [null], not: true }))).toEqual([uuid(2)]);
    expect(await bench.ids(selection({ op: 'contains', column: 'addressKind', text: 'endpoint' }))).toEqual([uuid(2)]);
    const [page] = await bench.answers(EMPTY_SELECTION, {
      ask: 'page',
      offset: 1,
      limit: 1,
      descending: false,
      columns: ['agentTool', 'agentMark', 'addressKind'],
    });
    expect(page.rows[0].values).toEqual(['aws-cli/2.x', 'Kali Linux', 'VPC endpoint']);

    // A later commit brings new values, and an emptied case forgets the old ones.
    bench.attach(
      commitOf(
        'two',
        ct`
      t | id | file | eventName | sourceIPAddress | userAgent
      9 | 9  | b    | GetX      | ***             | curl/8
    `,
      ),
    );
    await bench.settle();
    expect(await bench.ids(selection({ op: 'in', column: 'addressKind', values: ['not an address'] }))).toEqual([uuid(9)]);
    bench.send({ type: 'reset' });
    bench.attach(commitOf('three', ROWS.slice(2, 3)));
    await bench.settle();
    const [fresh] = await bench.answers(EMPTY_SELECTION, { ask: 'facet', column: 'agentTool', limit: 9 });
    expect(fresh.values).toEqual([{ value: 'Boto3', count: 1 }]);
    bench.close();
  });
});
