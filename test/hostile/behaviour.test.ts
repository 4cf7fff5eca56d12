/** Evidence that is made to hurt: absurd names, numbers, times and amounts must be answered, bounded and kept as text. */
import { describe, expect, it } from 'vitest';
import type { Subject } from '../../src/shared/behaviour.ts';
import { EMPTY_SELECTION } from '../../src/shared/plan.ts';
import { Bench, commitOf, DAY_ONE, type Row, uuid } from '../unit/engine/query/support.ts';

const EVE: Subject = { column: 'principal', value: '__proto__' };
const row = (i: number, values: Row['values'], resources: string[] = [], time: number | null = DAY_ONE + i * 1000): Row => ({
  time,
  id: uuid(i + 1),
  richness: 10,
  file: 'a',
  record: i,
  insight: false,
  values: { principal: '__proto__', outcome: 'success', ...values },
  resources,
});
const ODD = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '<script>alert(1)</script>',
  '\u202egnp.exe',
  '\u0000',
  '=1+1',
  'a'.repeat(60_000),
  '💥'.repeat(500),
  'arn:',
  'arn:::::',
  'arn:aws:s3:::',
  'arn:aws:s3:::/',
  '::::',
  'kali'.repeat(9000),
];

async function all(rows: Row[]) {
  const bench = await Bench.with(commitOf('one', rows));
  const behaviour = await bench.core.behaviour(EVE, EMPTY_SELECTION);
  const half = await bench.core.behaviour(EVE, { ...EMPTY_SELECTION, time: { from: (DAY_ONE + 30_000) as never, to: null } });
  const reverts = await bench.core.revertList(EVE, EMPTY_SELECTION, { offset: 0, limit: 1000 });
  const sessions = await bench.core.sessions(EVE, EMPTY_SELECTION, { offset: 0, limit: 1000, descending: true });
  const lanes = await bench.core.lanes([EVE], EMPTY_SELECTION, { bins: 1000 });
  bench.close();
  return { behaviour, half, reverts, sessions, lanes };
}

describe('hostile principals', () => {
  it('odd texts in every column stay what they are', async () => {
    const rows = ODD.flatMap((text, i) =>
      [0, 1, 2].map((n) => {
        const values = {
          eventName: text,
          eventSource: text,
          sourceIPAddress: text,
          userAgent: text,
          awsRegion: text,
          userName: text,
          accessKeyId: text,
        };
        return row(
          i * 3 + n,
          { ...values, errorCode: text, bytesOut: text, mfa: text, readOnly: n === 0 ? text : 'false', roleDelivery: text },
          [text, text + n],
        );
      }),
    );
    const { behaviour, half, reverts, sessions } = await all(rows);
    expect(behaviour.totals.events).toBe(rows.length);
    expect(half.totals.before + half.totals.events).toBe(rows.length);
    expect(sessions.events).toBe(rows.length);
    expect(reverts.entries.some((entry) => entry.eventName === '<script>alert(1)</script>' && entry.status === 'unknown')).toBe(true);
    expect(JSON.stringify([behaviour, reverts, sessions]).length).toBeLessThan(40_000_000);
  });

  it('S3 reads with sizes that are none, and objects without a bucket, are counted', async () => {
    const sizes = ['-5', '1e9', 'NaN', '99999999999999999999', '', '0x10', '12', '3.5'];
    const { behaviour } = await all(
      sizes.map((size, i) => row(i, { eventName: 'GetObject', eventSource: 's3.amazonaws.com', bytesOut: size })),
    );
    expect(behaviour.buckets).toMatchObject([{ bucket: null, reads: 8, bytesOut: 12, readsWithBytes: 1 }]);
  });

  it('times at the ends of what a date can hold neither hang nor run out', async () => {
    const times = [-8.64e15, 8.64e15, 0, DAY_ONE, null, -1];
    const { behaviour, lanes, sessions } = await all(
      times.map((time, i) => row(i, { eventName: 'GetX', accessKeyId: 'AKIA1', sourceIPAddress: '198.51.100.1' }, [], time)),
    );
    expect(behaviour.totals).toMatchObject({ events: 6, withoutTime: 1 });
    expect(behaviour.days).toHaveLength(5);
    expect(Array.from(behaviour.hours.window).reduce((a, b) => a + b, 0)).toBe(5);
    expect(lanes.lanes[0].events).toBe(6);
    // The two about 1970 are one.
    expect(sessions.total).toBe(5);
  });

  it('thousands of addresses, agents, actions, resources and days give lists of a bounded length', async () => {
    const rows = Array.from({ length: 6000 }, (_, i) =>
      row(
        i,
        {
          eventName: `Create${i}`,
          eventSource: `s${i % 700}.amazonaws.com`,
          sourceIPAddress: `198.${(i >> 8) % 256}.${i % 256}.${i % 200}`,
          userAgent: `pacu/${i}`,
          accessKeyId: 'AKIA1',
          userName: 'i-0123456789abcdef0',
          readOnly: 'false',
          outcome: i % 2 === 0 ? 'denied' : 'success',
        },
        Array.from({ length: 12 }, (_, r) => `thing-${i}-${r}`),
        DAY_ONE + (i < 5 ? i : i * 7_200_000),
      ),
    );
    const { behaviour, half, reverts, sessions } = await all(rows);
    for (const s of [...behaviour.statements, ...half.statements]) {
      expect(s.values.length).toBeLessThanOrEqual(50);
      expect(s.cited.length).toBeLessThanOrEqual(20);
      expect(JSON.stringify(s).length).toBeLessThan(200_000);
    }
    const fresh = half.statements.find((s) => s.kind === 'newAddress');
    expect(fresh?.values.length ?? 0).toBe(50);
    expect(fresh?.more).toBe((fresh?.counts.values ?? 0) - 50);
    expect(behaviour.actions).toHaveLength(500);
    expect(behaviour.days.length).toBeLessThanOrEqual(1000);
    expect(reverts).toMatchObject({ total: 6000 });
    expect(reverts.entries).toHaveLength(1000);
    expect(sessions.total).toBe(6000);
  });

  it('a question that makes no sense is refused with a sentence', async () => {
    const bench = await Bench.with(commitOf('one', [row(0, { eventName: 'X' })]));
    const { core } = bench;
    await expect(core.behaviour({ column: 'eventTime' as never, value: 'x' }, EMPTY_SELECTION)).rejects.toMatchObject({
      kind: 'bad-input',
    });
    await expect(core.behaviour({ column: 'principal', value: 5 as never }, EMPTY_SELECTION)).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(core.revertList(EVE, EMPTY_SELECTION, { offset: -1, limit: 5 })).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(core.behaviour(EVE, { ...EMPTY_SELECTION, time: { from: Number.NaN as never, to: null } })).rejects.toMatchObject({
      kind: 'bad-input',
    });
    bench.close();
  });
});
