/** The delivery layer: names of log files however they were copied, digests at every level of proof, and hours that add up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryLayer } from '../../../../src/engine/coverage/delivery-layer.ts';
import { deliveredLog } from '../../../../src/engine/coverage/log-name.ts';
import { CoverageModel } from '../../../../src/engine/coverage/model.ts';
import { levelled } from '../../../../src/engine/coverage/spans.ts';
import { ACCOUNT, at, chain, coverage, digest, events, file, H0, logName, missingLog, report, statesOf } from './support.ts';

describe('the delivery time in a name', () => {
  const name = logName(9);
  it.each([
    name,
    name.replace('.gz', ''),
    `C:\\evidence\\${name}`,
    `/e/a.zip!AWSLogs/${ACCOUNT}/CloudTrail/eu-west-1/2026/03/01/${name}`,
    `AWSLogs_${ACCOUNT}_CloudTrail_eu-west-1_2026_03_01_${name}`,
    `copy of ${name} (2).json`,
    name.replace('_CloudTrail_', '_CloudTrail-Insight_'),
  ])('is found in %s', (path) => {
    expect(deliveredLog(path)).toEqual({ account: ACCOUNT, region: 'eu-west-1', hour: H0 + 9 });
  });
  it.each([
    'records.json',
    `${ACCOUNT}_CloudTrail-Digest_eu-west-1_main_eu-west-1_20260301T000000Z.json.gz`,
    `${ACCOUNT}_CloudTrail_eu-west-1_20261341T0005Z_abcdefghijklmnop.json.gz`,
    `${ACCOUNT}_CloudTrail_eu-west-1_20260301T2561Z_abcdefghijklmnop.json.gz`,
    `9${name}`,
  ])('is not made up for %s', (path) => {
    expect(deliveredLog(path)).toBeNull();
  });
  it('takes linear time on a hostile name', () => {
    const began = performance.now();
    deliveredLog(`${'1'.repeat(2e6)}_CloudTrail_${'a-'.repeat(1e6)}`);
    deliveredLog(`${`${ACCOUNT}_CloudTrail_`.repeat(1e5)}`);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe('hours by what is known of their delivery', () => {
  const range = { from: H0, to: H0 + 10 };
  const factsOf = (...args: Parameters<typeof coverage>) => {
    const model = new CoverageModel(coverage(...args));
    const row = model.rows.find((r) => r.region === 'eu-west-1');
    if (!row) throw new Error('no row');
    return model.facts(row, range);
  };

  it('without digests an hour without a log is undigested, never empty', () => {
    const facts = factsOf(events([{ hours: [0, 1] }]), [file(logName(1)), file(logName(1, { unique: 'zzzzzzzzzzzzzzzz' }))]);
    expect(facts).toMatchObject({ delivered: 1, files: 2, undigested: 9, signedEmpty: 0, hoursWithEvents: 2 });
  });

  it('only hours that digests cover from end to end are proven, each by its strongest digest', () => {
    const told = report([
      digest(0, 2, { 0: 1 }),
      digest(2, 3.5),
      digest(3.5, 5),
      digest(5, 6, {}, { verdict: 'hashLinked' }),
      digest(6, 7, {}, { verdict: 'unverified' }),
      digest(7.25, 8.25),
    ]);
    const facts = factsOf(events([{ hours: [0] }]), [file(logName(0))], told);
    expect(facts).toMatchObject({ delivered: 1, signedEmpty: 4, linkedEmpty: 1, unsignedEmpty: 1, undigested: 3, missing: 0 });
  });

  it('a listed log that is not held is missing, not empty; one that is held under another name was delivered', () => {
    const told = report([digest(0, 4, { 1: 1, 2: 1 })], [chain()], [missingLog(2)]);
    expect(factsOf(events([{ hours: [0] }]), [], told)).toMatchObject({ delivered: 1, missing: 1, missingFiles: 1, signedEmpty: 2 });
  });

  it('backfill digests cover nothing; the same bytes twice are one file', () => {
    const told = report([digest(0, 4, { 1: 1 }, { chain: 0 })], [chain({ backfill: true })]);
    const one = file(logName(1));
    expect(factsOf(events([{ hours: [0] }]), [one, { ...one, path: `/again/${one.path}`, status: 'repeated' }], told)).toMatchObject({
      files: 1,
      signedEmpty: 0,
      undigested: 9,
    });
  });

  it('the hours of the states always add up, and agree with a plain look at each hour', () => {
    const spans = fc.array(
      fc.record({
        from: fc.integer({ min: -2, max: 11 }),
        length: fc.integer({ min: 0, max: 16 }),
        listed: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
        verdict: fc.constantFrom('signed' as const, 'hashLinked' as const, 'unverified' as const),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(spans, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }), (list, logs) => {
        // Spans in quarters of an hour.
        const digests = list.map(({ from, length, listed, verdict }) =>
          digest(from, from + length / 4, listed === undefined ? {} : { [listed]: 1 }, { verdict }),
        );
        const facts = factsOf(
          events([{ hours: [0] }]),
          logs.map((hour) => file(logName(hour))),
          report(digests),
        );
        expect(statesOf(facts).reduce((a, b) => a + b, 0)).toBe(10);
        const delivered = new Set([...logs, ...list.flatMap((d) => d.listed ?? [])]);
        expect(facts.delivered).toBe(delivered.size);
        const covers = (hour: number, verdicts: string[]): boolean =>
          [0, 1, 2, 3].every((q) =>
            list.some((d) => verdicts.includes(d.verdict) && d.from <= hour + q / 4 && d.from + d.length / 4 >= hour + (q + 1) / 4),
          );
        const signed = Array.from({ length: 10 }, (_, h) => h).filter((h) => !delivered.has(h) && covers(h, ['signed']));
        const any = Array.from({ length: 10 }, (_, h) => h).filter(
          (h) => !delivered.has(h) && covers(h, ['signed', 'hashLinked', 'unverified']),
        );
        expect(facts.signedEmpty).toBe(signed.length);
        expect(facts.undigested).toBe(10 - delivered.size - any.length);
      }),
      { numRuns: 300 },
    );
  });

  it('levels of hostile length stay spans', () => {
    const far = [{ from: -2e9, to: 2e9 }];
    expect(levelled([far, [{ from: 0, to: 5 }], []])).toEqual([
      { from: -2e9, to: 0, level: 1 },
      { from: 0, to: 5, level: 2 },
      { from: 5, to: 2e9, level: 1 },
    ]);
  });
});

it('rows beyond the limit are counted', () => {
  const files = Array.from({ length: 3000 }, (_, i) => file(logName(i % 60, { account: String(100_000_000_000 + (i % 50)) })));
  const layer = deliveryLayer(files, report([], []), 20);
  expect(layer.rows).toHaveLength(20);
  expect(layer.leftOut).toBe(30);
  expect(layer.files.reduce((a, b) => a + b, 0)).toBe(20 * 60);
});

it('a stop touches the hours it lies in, in the Regions that it is known or assumed for', async () => {
  const { point } = await import('./support.ts');
  const points = [point('StopLogging', 2.5), point('StartLogging', 4.25)];
  const records = {
    [points[0].key]: { requestParameters: { name: `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/main` } },
    [points[1].key]: { requestParameters: { name: 'main' } },
  };
  const made = events([{ hours: [0] }, { region: 'us-east-1', hours: [3] }], { points });
  const model = new CoverageModel(coverage(made, [], report([], []), records));
  expect(model.coverage.trails.stopped).toMatchObject([{ trail: 'main', from: at(2.5), to: at(4.25), region: null, assumed: true }]);
  for (const row of model.rows) expect(model.facts(row, { from: H0, to: H0 + 10 }).stopped).toBe(3);
});
