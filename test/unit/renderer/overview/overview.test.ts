import { describe, expect, it } from 'vitest';
import { readChoices } from '../../../../src/renderer/views/overview/choices.ts';
import { facetRows } from '../../../../src/renderer/views/overview/facet.tsx';
import { binsFor, overviewAsks, readOverview } from '../../../../src/renderer/views/overview/queries.ts';
import {
  axisTicks,
  binWords,
  brushedRange,
  buildTimeline,
  countTicks,
  layerPath,
  legendNames,
  tickLabel,
} from '../../../../src/renderer/views/overview/timeline-model.ts';
import { epochMs } from '../../../../src/shared/brand.ts';
import { FACET_COLUMNS } from '../../../../src/shared/columns.ts';
import { type Ask, EMPTY_SELECTION, type HistogramAnswer, type PlanResult } from '../../../../src/shared/plan.ts';
import { answerAsk, fakeEvents } from '../support/fake-engine.ts';

const histogram = (layers: [string | null, number[]][], other?: number[]): HistogramAnswer => ({
  ask: 'histogram',
  from: epochMs(0),
  binMs: 1000,
  bins: layers[0][1].length,
  layers: [
    ...layers.map(([value, counts]) => ({ value, other: false, counts: Uint32Array.from(counts) })),
    ...(other ? [{ value: null, other: true, counts: Uint32Array.from(other) }] : []),
  ],
});

describe('the timeline', () => {
  const t = buildTimeline(
    histogram([
      ['true', [5, 0, 7]],
      ['false', [1, 0, 2]],
      [null, [0, 1, 0]],
    ]),
    'readOnly',
  );
  it('stacks writes below reads, and gives both their words and fixed colours', () => {
    expect(t.layers.map((l) => [l.label, l.color])).toEqual([
      ['write', 'var(--tc-write)'],
      ['(not recorded)', 'var(--tc-series-other)'],
      ['read', 'var(--tc-read)'],
    ]);
    expect([...t.totals]).toEqual([6, 1, 9]);
    expect(t.max).toBe(9);
  });
  it('loses no event between layers and totals', () => {
    expect(t.layers.reduce((sum, l) => sum + l.total, 0)).toBe(16);
  });
  it('puts the others last and lets nobody filter for them', () => {
    const stacked = buildTimeline(
      histogram(
        [
          ['a', [1]],
          ['b', [2]],
        ],
        [4],
      ),
      'awsRegion',
    );
    expect(stacked.layers.map((l) => [l.label, l.other])).toEqual([
      ['a', false],
      ['b', false],
      ['all others', true],
    ]);
  });
  it('brushes whole bins in either direction', () => {
    expect(brushedRange(t, 2500, 1200)).toEqual({ from: 1000, to: 3000 });
    expect(brushedRange(t, -50, 99_999)).toEqual({ from: 0, to: 3000 });
  });
  it('draws a bar only where there is a count, on top of the layers below, at least a pixel high', () => {
    const flat = (count: number): number => 100 - count * 0.01;
    expect(layerPath(t, 0, (ms) => ms / 100, flat, 1)).toBe('M0.0 100.0H9.0V99.0H0.0ZM20.0 100.0H29.0V99.0H20.0Z');
    expect(layerPath(t, 1, (ms) => ms / 100, flat, 0)).toBe('M10.0 100.0H20.0V99.0H10.0Z');
  });
  it('labels its axes with round steps', () => {
    const day = 86_400_000;
    expect(axisTicks(0, 5 * day, 6, true)).toEqual([0, day, 2 * day, 3 * day, 4 * day, 5 * day]);
    expect(axisTicks(500, 500, 6, true)).toEqual([500]);
    expect(axisTicks(0, 20 * 365 * day, 6, true).length).toBeLessThanOrEqual(7);
    expect([tickLabel(0, 5 * day, true), tickLabel(day / 2, 5 * day, true), tickLabel(1000, 60_000, true)]).toEqual([
      '01-01',
      '12:00',
      '00:00:01',
    ]);
    expect([0, 1, 3, 9, 718, 1_000_000].map((n) => countTicks(n).at(-1))).toEqual([1, 1, 3, 10, 800, 1_000_000]);
    for (const max of [0, 1, 5, 7, 11, 13, 99, 12_345]) expect(countTicks(max).length).toBeLessThanOrEqual(6);
    expect([1000, 300_000, 3_600_000, 86_400_000, 7 * 86_400_000].map(binWords)).toEqual([
      '1 second',
      '5 minutes',
      '1 hour',
      '1 day',
      '1 week',
    ]);
  });
});

describe('what the overview asks', () => {
  it('asks everything in one plan, and not for what is folded', () => {
    const asks = overviewAsks(250, 'readOnly', {
      userAgent: { collapsed: true, more: false, find: '' },
      eventName: { collapsed: false, more: true, find: ' get ' },
    });
    const facets = asks.filter((a) => a.ask === 'facet' && !a.strict);
    expect(facets).toHaveLength(FACET_COLUMNS.length - 1);
    expect(facets[0]).toEqual({ ask: 'facet', column: 'eventName', limit: 100, find: 'get' });
  });
  it('never asks for more than a thousand bins and keeps to steps', () => {
    expect([0, 700, 720, 1900, 99_999].map(binsFor)).toEqual([50, 150, 150, 450, 1000]);
  });
  it('reads the answers back, by column', () => {
    const events = fakeEvents(500);
    const asks = overviewAsks(100, 'outcome', {});
    const result = {
      answers: asks.map((ask: Ask) => answerAsk(events, EMPTY_SELECTION, ask)),
      generation: 1,
      ms: 0,
    } as unknown as PlanResult;
    const answer = readOverview(result);
    expect(answer?.count.events).toBe(500);
    expect(answer?.facets.get('eventName')?.values.reduce((sum, v) => sum + v.count, 0)).toBeGreaterThan(300);
    expect(buildTimeline(answer?.histogram as HistogramAnswer, 'outcome').layers.reduce((sum, l) => sum + l.total, 0)).toBe(
      500 - (answer?.count.withoutTime ?? 0),
    );
    expect(readOverview({ answers: [], generation: 1, ms: 0 })).toBeNull();
  });
});

describe('facets', () => {
  it('keep a chosen value in sight when it is not among the counted ones', () => {
    const answer = {
      ask: 'facet',
      column: 'awsRegion',
      values: [
        { value: 'a', count: 3 },
        { value: null, count: 1 },
      ],
      distinct: 2,
      absent: true,
    } as const;
    const rows = facetRows(
      { ...answer, values: [...answer.values] },
      [
        { op: 'in', column: 'awsRegion', values: ['z', null] },
        { op: 'in', column: 'awsRegion', values: ['a'], not: true },
      ],
      'awsRegion',
    );
    expect(rows).toEqual([
      { value: 'z', count: null, state: 'included' },
      { value: 'a', count: 3, state: 'excluded' },
      { value: null, count: 1, state: 'included' },
    ]);
  });
});

describe('kept choices', () => {
  it('take only columns that are known', () => {
    expect(readChoices({ stackBy: 'nonsense', collapsed: ['userAgent', 'nonsense'] })).toEqual({
      stackBy: 'readOnly',
      facets: { userAgent: { collapsed: true, more: false, find: '' } },
    });
    expect(readChoices({ stackBy: null })).toEqual({ stackBy: null, facets: {} });
    expect(readChoices('x')).toBeNull();
  });
});

describe('names in a legend', () => {
  it('are short, and never alike', () => {
    expect(
      legendNames([
        'arn:aws:iam::444455556666:user/jenkins-legacy',
        '111122223333/role/web-shop',
        '444455556666/role/web-shop',
        's3.amazonaws.com',
        'eu-west-1',
        'WebIdentityUser:repo:larkfield/web-shop:',
      ]),
    ).toEqual([
      'jenkins-legacy',
      '111122223333/role/web-shop',
      '444455556666/role/web-shop',
      's3',
      'eu-west-1',
      'WebIdentityUser:repo:larkfield/web-shop:',
    ]);
  });
});
