/** Columns of a subject's events are gathered in parts, as they are asked for: each part says what the rows say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventRows, rowsHolding, type SingleColumnId } from '../../../../src/engine/behaviour/event-rows.ts';
import { OpenCase } from '../../../../src/engine/query/open-case.ts';
import { Turn } from '../../../../src/engine/query/turns.ts';
import { addressKind } from '../../../../src/shared/addresses.ts';
import { agentMarks, agentTool, parseAgent } from '../../../../src/shared/agents.ts';
import { commitOf, DAY_ONE, type Row, uuid } from '../query/support.ts';

const AGENTS = ['aws-cli/2.1.1', 'Boto3/1.1 x/kali', 'AWS Internal', '[S3Console/0.4, aws-internal/3]', 'curl/8'];
const ADDRESSES = ['198.51.100.1', '10.0.0.1', 'ec2.amazonaws.com', '1.2.3', '2001:db8::1'];
const COLUMNS = ['eventName', 'userAgent', 'sourceIPAddress', 'vpcEndpointId', 'mfa', 'agentTool', 'agentMark', 'addressKind'] as const;

const cell = fc.record({
  second: fc.option(fc.nat(50), { nil: null, freq: 8 }),
  who: fc.constantFrom('alice', 'bob'),
  agent: fc.option(fc.constantFrom(...AGENTS), { nil: undefined }),
  address: fc.option(fc.constantFrom(...ADDRESSES), { nil: undefined }),
  endpoint: fc.option(fc.constant('vpce-1'), { nil: undefined }),
  name: fc.constantFrom('GetX', 'PutX'),
  things: fc.uniqueArray(fc.constantFrom('i-1', 'i-2', 'arn:aws:s3:::x'), { maxLength: 3 }),
});
type Cell = typeof cell extends fc.Arbitrary<infer C> ? C : never;

const rowOf = ({ second, who, agent, address, endpoint, name, things }: Cell, i: number): Row => {
  const values: Row['values'] = { principal: who, eventName: name };
  if (agent !== undefined) values.userAgent = agent;
  if (address !== undefined) values.sourceIPAddress = address;
  if (endpoint !== undefined) values.vpcEndpointId = endpoint;
  const time = second === null ? null : DAY_ONE + second * 1000;
  return { time, id: uuid(i + 1), richness: 1, file: 'a', record: i, insight: false, values, resources: things };
};

/** What the column says of a row, worked out from the row alone. */
function said({ values }: Row, column: SingleColumnId): string | null {
  const { userAgent: agent, sourceIPAddress: address } = values;
  if (column === 'agentTool') return agent === undefined ? null : agentTool(agent);
  if (column === 'agentMark') return agent === undefined ? null : (agentMarks(agent)[0]?.mark ?? null);
  if (column !== 'addressKind') return (values as Partial<Record<SingleColumnId, string>>)[column] ?? null;
  if (address === undefined) return null;
  const kind = addressKind(address);
  return values.vpcEndpointId !== undefined && (kind === 'public' || kind === 'private') ? 'VPC endpoint' : kind;
}

describe('events of a subject', () => {
  it('stand in order, and their columns and resources say what the rows say, in whatever parts they are asked for', async () => {
    const asked = fc.tuple(fc.constantFrom(...COLUMNS), fc.nat(40), fc.nat(40));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { maxLength: 20 }), { maxLength: 3 }),
        fc.array(asked, { maxLength: 12 }),
        async (parts, asks) => {
          const open = new OpenCase();
          const all: Row[] = [];
          for (const [i, cells] of parts.entries()) {
            const rows = cells.map((c, j) => rowOf(c, all.length + j));
            all.push(...rows);
            const { attached, buffer } = commitOf(`c${i}`, rows);
            if (rows.length > 0) open.attach(attached, buffer, null);
          }
          open.update();
          const turn = new Turn(() => undefined, null);
          const mine = all
            .filter((row) => row.values.principal === 'alice')
            .sort((a, b) => (a.time ?? Number.POSITIVE_INFINITY) - (b.time ?? Number.POSITIVE_INFINITY) || a.record - b.record);
          const rows = new EventRows(open, await rowsHolding(open, 'principal', 'alice', turn));
          expect(Array.from({ length: rows.length }, (_, k) => rows.key(k))).toEqual(mine.map((row) => `id:${row.id}`));
          expect(rows.timed).toBe(mine.filter((row) => row.time !== null).length);
          for (const [column, a, b] of asks) {
            const from = Math.min(a, b, rows.length);
            const to = Math.min(Math.max(a, b), rows.length);
            const codes = rows.codes(column, from, to);
            const dictionary = rows.dictionary(column);
            for (let k = from; k < to; k++) expect(dictionary.get(codes[k])).toBe(said(mine[k], column));
            if (rows.length > 0) expect(rows.text(column, a % rows.length)).toBe(said(mine[a % rows.length], column));
          }
          mine.forEach((row, k) => {
            expect(rows.resourcesOf(k)).toEqual(row.resources);
          });
          const holding = await rowsHolding(open, 'resource', 'i-1', turn);
          expect(holding.length).toBe(all.filter((row) => row.resources.includes('i-1')).length);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the tool and the marks of an agent', () => {
  it('are those of the whole agent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...AGENTS), fc.string()), (text) => {
        const { tool, marks } = parseAgent(text);
        expect([agentTool(text), agentMarks(text)]).toEqual([tool, marks]);
      }),
    );
  });
});
