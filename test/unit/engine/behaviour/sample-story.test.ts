/** What the sample trail tells of its intruder must be among the statements. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subject } from '../../../../src/shared/behaviour.ts';
import type { EpochMs } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION, type Selection } from '../../../../src/shared/plan.ts';
import { benchOf, filesUnder } from '../query/real-files.ts';
import type { Bench } from '../query/support.ts';
import { of, said } from './support.ts';

const JENKINS: Subject = { column: 'userName', value: 'jenkins-legacy' };
const since = (from: string, to: string | null = null): Selection => ({
  ...EMPTY_SELECTION,
  time: { from: Date.parse(from) as EpochMs, to: to === null ? null : (Date.parse(to) as EpochMs) },
});

describe('the sample trail', () => {
  let bench: Bench;
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-story-'));
  beforeAll(async () => {
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync('assets/sample-trail.zip')))) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    bench = await benchOf(filesUnder(join(folder, 'AWSLogs')));
  }, 60_000);
  afterAll(() => {
    bench.close();
    rmSync(folder, { recursive: true });
  });

  it('instance credentials elsewhere, by instance, with their events', async () => {
    const [found, ...more] = of(
      await bench.core.behaviour({ column: 'userName', value: 'i-0c1f6e982c78e05a7' }, EMPTY_SELECTION),
      'instanceElsewhere',
    );
    expect(more).toEqual([]);
    expect(found.counts).toMatchObject({ instances: 1, events: 3, others: 708 });
    expect(found.cited).toHaveLength(3);
    expect(said(found.parts)).toContain('from 203.0.113.171, where all 708 others came from 10.0.1.20 through a VPC endpoint.');
  });

  it('the old key: enumeration, guessed roles, new addresses, hours, and no weight for the routine', async () => {
    const answer = await bench.core.behaviour(JENKINS, since('2026-03-03T22:00:00Z', '2026-03-05T04:00:00Z'));
    expect(answer.scope).toBe('time');
    expect(of(answer, 'enumeration').map((s) => s.counts)).toEqual([expect.objectContaining({ distinct: 13, threshold: 8 })]);
    expect(of(answer, 'roleGuessing').map((s) => s.counts)).toEqual([expect.objectContaining({ events: 16, roles: 16 })]);
    expect(of(answer, 'newAddress')[0]).toMatchObject({ weight: 'notable', counts: { values: 2 } });
    expect(of(answer, 'newAgent')[0].weight).toBe('notable');
    const turned = of(answer, 'deniedThenSucceeded');
    for (const s of turned) for (const { value } of s.values) if (/Service/.test(value)) expect(s.weight).toBe('plain');
    expect(turned.reduce((sum, s) => sum + s.counts.actions, 0)).toBe(answer.actions.filter((a) => a.deniedThenSucceeded).length);
    const fresh = new Set([...answer.hours.newHours.entries()].filter(([, is]) => is === 1).map(([h]) => h % 24));
    expect(answer.hours.newBy).toBe('hour of day');
    expect([...fresh].sort((a, b) => a - b)).toEqual([1, 2, 22]);
  });

  it('the shared snapshot was taken back, and the deleted flow logs are named', async () => {
    const { entries } = await bench.core.revertList({ column: 'sourceIPAddress', value: '203.0.113.171' }, EMPTY_SELECTION, {
      offset: 0,
      limit: 1000,
    });
    const share = entries.find((e) => e.eventName === 'ModifySnapshotAttribute');
    expect(share).toMatchObject({ status: 'undone', sharedWith: '123456789012', resource: 'snap-017ef722850da50f6' });
    const logs = entries.find((e) => e.eventName === 'DeleteFlowLogs');
    expect(logs?.resource).toBe('fl-08feab5698fb873dc');
    for (const e of entries)
      for (const name of e.undoneBy) expect(['DeleteTrail', 'DeleteRole', 'DeleteUser']).not.toContain(e.kind === 'created' ? null : name);
  });
});
