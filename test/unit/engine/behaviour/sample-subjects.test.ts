/** The numbers on the pages of the sample trail's subjects, against what its records hold. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ValueColumnId } from '../../../../src/shared/columns.ts';
import type { GroupAnswer } from '../../../../src/shared/plan.ts';
import type { Bench } from '../query/support.ts';
import { selection } from '../query/support.ts';
import { openSample } from './sample-trail.ts';
import { of } from './support.ts';

let bench: Bench;
let close = (): void => {};
beforeAll(async () => {
  ({ bench, close } = await openSample());
}, 60_000);
afterAll(() => close());

const only = (column: ValueColumnId, value: string | null) => selection({ op: 'in', column, values: [value] });
const group = (by: ValueColumnId, limit = 200) => ({
  ask: 'group' as const,
  by,
  sort: 'count' as const,
  descending: true,
  offset: 0,
  limit,
  distinct: [],
});
const rowOf = (answer: GroupAnswer, value: string) => answer.rows.find((r) => r.value === value);

describe('failures', () => {
  it('of root are its three sign-ins, although no record has an error code', async () => {
    const [count, actions] = await bench.answers(only('principal', '111122223333/root'), { ask: 'count' }, group('eventName'));
    expect(count).toMatchObject({ events: 3, failed: 3, denied: 3 });
    expect(rowOf(actions, 'ConsoleLogin')).toMatchObject({ count: 3, succeeded: 0, failed: 3, denied: 3 });
    const { sessions } = await bench.core.sessions({ column: 'principal', value: '111122223333/root' }, selection(), {
      offset: 0,
      limit: 10,
      descending: true,
    });
    expect(sessions.reduce((sum, s) => sum + s.failed, 0)).toBe(3);
  });

  it('from one address are never fewer than the denied ones, on the page and in the lists', async () => {
    const [count, principals] = await bench.answers(only('sourceIPAddress', '203.0.113.66'), { ask: 'count' }, group('principal'));
    expect(count).toMatchObject({ failed: 36, denied: 36 });
    expect(rowOf(principals, '111122223333/root')).toMatchObject({ succeeded: 0, failed: 3 });
    const [addresses] = await bench.answers(selection(), group('sourceIPAddress'));
    expect(rowOf(addresses, '203.0.113.66')).toMatchObject({ failed: 36, denied: 36 });
    expect(rowOf(addresses, '10.0.1.20')).toMatchObject({ failed: 19, denied: 13 });
  });
});

describe('denials', () => {
  it('of web-shop begin with a denial', async () => {
    const answer = await bench.core.behaviour({ column: 'principal', value: '111122223333/role/web-shop' }, selection());
    const [denied] = of(answer, 'denied');
    expect(denied.counts.events).toBe(44);
    const put = denied.values.find((v) => v.value === 'PutObject');
    expect(put).toMatchObject({ events: 6, first: Date.parse('2026-03-02T12:43:56Z') });
    const use = answer.actions.find((a) => a.eventName === 'PutObject');
    expect(use?.deniedThenSucceeded?.sameResource).not.toBe('yes');
    const outcomes = await Promise.all(denied.values.map(async (v) => (await bench.core.event(v.firstKey))?.values.outcome));
    expect(new Set(outcomes)).toEqual(new Set(['denied']));
  });

  it('of jenkins-legacy on one service are not taken for those on another of the same cluster', async () => {
    const answer = await bench.core.behaviour({ column: 'userName', value: 'jenkins-legacy' }, selection());
    const use = answer.actions.find((a) => a.eventName === 'UpdateService');
    expect(use?.deniedThenSucceeded).toMatchObject({ sameResource: 'partly', shared: ['main'] });
    for (const s of of(answer, 'deniedThenSucceeded'))
      if (s.values.some((v) => v.value === 'UpdateService')) expect(s.weight).toBe('plain');
  });
});

describe('the revert list of a thing', () => {
  const listOf = async (column: ValueColumnId, value: string) =>
    (await bench.core.revertList({ column, value }, selection(), { offset: 0, limit: 1000 })).entries;

  it('tells the responder, who took the key away, from the intruder, who made it', async () => {
    const entries = await listOf('resource', 'AKIA6HZHGNSGAEXAMPLE');
    const deleted = entries.find((e) => e.eventName === 'DeleteAccessKey');
    expect(deleted).toMatchObject({ status: 'undoing', undoneBy: [], later: { eventName: 'CreateAccessKey' } });
    expect(deleted?.first.principal).not.toBe(deleted?.later?.principal);
  });

  it('advises nothing against calls that failed', async () => {
    for (const value of ['203.0.113.66', '203.0.113.171'])
      for (const e of await listOf('sourceIPAddress', value)) if (e.status === 'failed') expect(e.undoneBy, e.eventName).toEqual([]);
  });
});

describe('instance credentials', () => {
  it('of web-shop were fetched by IMDSv2, every time', async () => {
    const answer = await bench.core.behaviour({ column: 'principal', value: '111122223333/role/web-shop' }, selection());
    expect(of(answer, 'imdsV2')).toMatchObject([{ weight: 'plain', counts: { events: 2153 } }]);
    expect(of(answer, 'imdsV1')).toEqual([]);
  });
});

describe('the page of an absent value', () => {
  it('counts the absent value of another column not, wherever it stands in the order', async () => {
    const [few] = await bench.answers(only('vpcEndpointId', null), group('sourceIPAddress', 1));
    const [all] = await bench.answers(only('vpcEndpointId', null), group('sourceIPAddress', 1000));
    expect(all.rows.some((r) => r.value === null)).toBe(true);
    expect(few).toMatchObject({ groups: all.rows.length, absent: true });
    expect(few.groups - 1).toBe(41);
  });
});
