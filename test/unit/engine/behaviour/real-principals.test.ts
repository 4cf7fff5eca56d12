/** Real records: what is known to have been done in the shared data sets must be among the statements. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../../../../src/shared/behaviour.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { benchOf, filesUnder } from '../query/real-files.ts';
import type { Bench } from '../query/support.ts';

const FIXTURES = resolve('../shared/fixtures');

const imported = (folder: string): Promise<Bench> => benchOf(filesUnder(join(FIXTURES, folder)));

describe.skipIf(!existsSync(FIXTURES))('the shared fixtures', () => {
  it.each(['stratus-red-team', 'invictus-ir-aws_dataset', 'TrailDiscover'])(
    '%s: every principal has an answer that adds up',
    async (folder) => {
      const bench = await imported(folder);
      const [facet] = await bench.answers(EMPTY_SELECTION, { ask: 'facet', column: 'principal', limit: 1000 });
      const seen = new Set<string>();
      let entries = 0;
      for (const { value, count } of facet.values) {
        if (value === null) continue;
        const subject: Subject = { column: 'principal', value };
        const behaviour = await bench.core.behaviour(subject, EMPTY_SELECTION);
        expect(behaviour.totals.events).toBe(count);
        for (const { kind, opens } of behaviour.statements) {
          seen.add(kind);
          if (opens === null) continue;
          const [opened] = await bench.answers({ ...EMPTY_SELECTION, ...opens }, { ask: 'count' });
          expect(opened.events, kind).toBeGreaterThan(0);
        }
        const sessions = await bench.core.sessions(subject, EMPTY_SELECTION, { offset: 0, limit: 1000, descending: false });
        expect(sessions.events).toBe(count);
        const reverts = await bench.core.revertList(subject, EMPTY_SELECTION, { offset: 0, limit: 1000 });
        entries += reverts.total;
        for (const entry of reverts.entries) if (entry.later) expect(await bench.core.event(entry.later.key)).not.toBeNull();
      }
      expect([...seen]).toEqual(expect.arrayContaining(['identityTypes', 'denied']));
      expect(entries).toBeGreaterThan(5);
      bench.close();
    },
  );

  it('invictus: who played the attacks, with which tools, and what was cleaned up or left', async () => {
    const bench = await imported('invictus-ir-aws_dataset');
    const [tools] = await bench.answers(EMPTY_SELECTION, { ask: 'facet', column: 'agentTool', limit: 50 });
    expect(tools.values.map((v) => v.value)).toEqual(expect.arrayContaining(['Terraform', 'Stratus Red Team', 'AWS Internal', 'Boto3']));
    const subject: Subject = { column: 'principal', value: '123837392027/user/bert-jan' };
    const kinds = (await bench.core.behaviour(subject, EMPTY_SELECTION)).statements.map((s) => s.kind);
    expect(kinds).toEqual(expect.arrayContaining(['oddAgent', 'enumeration', 'sharedOut', 'secretsRead', 'signIn', 'deniedThenSucceeded']));
    const { entries, byStatus } = await bench.core.revertList(subject, EMPTY_SELECTION, { offset: 0, limit: 1000 });
    const pairs = new Set(entries.filter((e) => e.status === 'undone').map((e) => `${e.eventName} ${e.later?.eventName}`));
    for (const pair of [
      'CreateBucket DeleteBucket',
      'CreateSecret DeleteSecret',
      'AttachRolePolicy DetachRolePolicy',
      'PutParameter DeleteParameter',
    ])
      expect(pairs).toContain(pair);
    expect(byStatus.stands).toBeGreaterThan(0);
    expect(byStatus.stands).toBeLessThan(byStatus.undone);
    bench.close();
  });
});

if (!existsSync(FIXTURES)) console.log('skipped: the shared fixtures are not beside the repository');
