/** The hours that are counted of a row: its own span, whatever else the case holds, or the selected time. */
import { describe, expect, it } from 'vitest';
import { CoverageModel } from '../../../../src/engine/coverage/model.ts';
import { coverageSection } from '../../../../src/engine/report/coverage.ts';
import { coverage, events, H0 } from './support.ts';

describe('counted hours', () => {
  const drawn = coverage(events([{ hours: [10, 12] }, { region: 'us-east-1', hours: [9000] }, { region: 'us-west-2', hours: [] }]));
  const model = new CoverageModel(drawn);
  const row = (region: string) => model.rows.find((r) => r.region === region) as (typeof model.rows)[number];

  it('are those of the row itself, not of the whole case, and the same in the report', () => {
    expect(model.countedFacts(row('eu-west-1'), null)).toMatchObject({ hours: 3, hoursWithEvents: 2, undigested: 3 });
    expect(model.countedFacts(row('us-east-1'), null)).toMatchObject({ hours: 1, hoursWithEvents: 1 });
    expect(model.countedFacts(row('us-west-2'), null)).toBeNull();
    for (const told of coverageSection(drawn, 100, true).rows.rows)
      expect(told.facts).toEqual(model.countedFacts(row(told.region as string), null));
  });

  it('are the selected ones when a time is selected', () => {
    const selected = { from: H0 + 12, to: H0 + 16 };
    expect(model.countedFacts(row('eu-west-1'), selected)).toMatchObject({ hours: 4, hoursWithEvents: 1 });
    expect(model.countedFacts(row('us-east-1'), selected)).toMatchObject({ hours: 4, hoursWithEvents: 0 });
  });
});
