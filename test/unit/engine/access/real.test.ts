/** Real records and the sample's own story: what is known of them must be answered over everybody. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSample } from '../behaviour/sample-trail.ts';
import { benchOf, filesUnder } from '../query/real-files.ts';
import { ask, only } from './support.ts';

const FIXTURES = resolve('../shared/fixtures');

describe('the sample trail', () => {
  it('failed sign-ins of root, roles assumed and guessed across accounts, the instance’s credentials elsewhere', async () => {
    const { bench, close } = await openSample();
    const { signIns, across, points } = await ask(bench);
    close();
    expect(signIns.totals.failed).toBe(3);
    expect(only(signIns.points.filter((p) => p.kind === 'bruteForce')).subject).toEqual({
      column: 'principal',
      value: '111122223333/root',
    });
    expect(across.totals).toMatchObject({ in: 0, out: 0, foreignAccounts: 0 });
    expect(across.rows.filter((r) => r.who?.value.endsWith('/user/jenkins-legacy')).reduce((sum, r) => sum + r.denied, 0)).toBe(8);
    expect(only(points.points.filter((p) => p.kind === 'instanceElsewhere')).values[0].value).toBe('203.0.113.171');
    expect(points.points.filter((p) => p.kind === 'root').map((p) => p.subject?.value)).toContain('777788889999/root');
  });
});

describe.skipIf(!existsSync(FIXTURES))('the shared fixtures', () => {
  it.each(['stratus-red-team', 'TrailDiscover', 'invictus-ir-aws_dataset'])('%s: the numbers are those of the records', async (folder) => {
    const bench = await benchOf(filesUnder(join(FIXTURES, folder)));
    const { signIns } = await ask(bench);
    const [names] = await bench.answers(
      { time: { from: null, to: null }, filters: [], hideReadOnly: false, hideServiceCalls: false },
      { ask: 'facet', column: 'eventName', limit: 10_000 },
    );
    bench.close();
    const logins = names.values.filter((v) => v.value === 'ConsoleLogin').reduce((sum, v) => sum + v.count, 0);
    expect(signIns.totals.signIns).toBe(logins);
    if (folder === 'invictus-ir-aws_dataset') expect(signIns.totals.mfa).toEqual({ yes: 1, no: 1, notRecorded: 0, provider: 0 });
  });
});

if (!existsSync(FIXTURES)) console.log('skipped: the shared fixtures are not beside the repository');
