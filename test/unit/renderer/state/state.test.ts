import { beforeEach, describe, expect, it } from 'vitest';
import { useApp } from '../../../../src/renderer/state/app.ts';
import { caseNameFor, makeRate, outcomeSentence } from '../../../../src/renderer/state/imports.ts';
import { readPreferences } from '../../../../src/renderer/state/preferences.ts';
import { routeFromText, routeToText } from '../../../../src/renderer/state/route-text.ts';
import { toggleInFilters, useSelection } from '../../../../src/renderer/state/selection.ts';
import type { ImportOutcome } from '../../../../src/shared/engine.ts';
import { EMPTY_SELECTION, type Filter } from '../../../../src/shared/plan.ts';

describe('routes', () => {
  it('survive being kept as text', () => {
    for (const route of [
      { view: 'events' },
      { view: 'evidence' },
      { view: 'evidence', file: 'a.zip!AWSLogs/x y.json.gz' },
      { view: 'notes' },
      { view: 'notes', noteId: 'a/b' },
      { view: 'subject', column: 'resource', value: 'arn:aws:s3:::x/y?z#é' },
      { view: 'subject', column: 'errorCode', value: null },
      { view: 'subject', column: 'userAgent', value: '' },
    ] as const) {
      expect(routeFromText(routeToText(route))).toEqual(route);
    }
  });
  it('fall back to the overview when they mean nothing', () => {
    for (const text of ['', 'nonsense', 'subject/eventID/x', 'subject/__proto__/x', 'subject/resource/%E0%A4%A', 'cases'])
      expect(routeFromText(text)).toEqual({ view: 'overview' });
  });
  it('go back and forward, and a new one forgets what was forward', () => {
    useApp.setState({ route: { view: 'overview' }, routes: [], forwardRoutes: [] });
    const { navigate, goBack, goForward } = useApp.getState();
    navigate({ view: 'events' });
    navigate({ view: 'events' });
    navigate({ view: 'principals' });
    goBack();
    expect(useApp.getState().route).toEqual({ view: 'events' });
    goBack();
    goBack();
    expect(useApp.getState().route).toEqual({ view: 'overview' });
    goForward();
    goForward();
    expect(useApp.getState().route).toEqual({ view: 'principals' });
    goBack();
    navigate({ view: 'evidence' });
    goForward();
    expect(useApp.getState().route).toEqual({ view: 'evidence' });
  });
});

describe('selection', () => {
  beforeEach(() => useSelection.setState({ selection: EMPTY_SELECTION, past: [], future: [] }));
  it('keeps a value either included or excluded, never both', () => {
    let filters: Filter[] = toggleInFilters([], 'awsRegion', 'a', false);
    filters = toggleInFilters(filters, 'awsRegion', 'b', false);
    expect(filters).toEqual([{ op: 'in', column: 'awsRegion', values: ['a', 'b'] }]);
    filters = toggleInFilters(filters, 'awsRegion', 'a', true);
    expect(filters).toEqual([
      { op: 'in', column: 'awsRegion', values: ['b'] },
      { op: 'in', column: 'awsRegion', values: ['a'], not: true },
    ]);
    filters = toggleInFilters(filters, 'awsRegion', 'a', true);
    expect(toggleInFilters(filters, 'awsRegion', 'b', false)).toEqual([]);
  });
  it('undoes and redoes every change', () => {
    const { toggleValue, setHideReadOnly, back, forward } = useSelection.getState();
    toggleValue('errorCode', null, true);
    setHideReadOnly(true);
    back();
    expect(useSelection.getState().selection).toMatchObject({ hideReadOnly: false, filters: [{ values: [null], not: true }] });
    back();
    back();
    expect(useSelection.getState().selection).toEqual(EMPTY_SELECTION);
    forward();
    forward();
    expect(useSelection.getState().selection.hideReadOnly).toBe(true);
  });
});

describe('preferences', () => {
  const base = { theme: 'auto', utc: true, detailsWidth: 420, facets: true } as const;
  it('takes from what was stored only what is sound', () => {
    expect(readPreferences({ theme: 'dark', utc: false, detailsWidth: 99_999 }, base)).toEqual({
      theme: 'dark',
      utc: false,
      detailsWidth: 900,
      facets: true,
    });
    expect(readPreferences({ theme: 'pink', utc: 'no', detailsWidth: Number.NaN }, base)).toEqual(base);
    expect(readPreferences(null, base)).toEqual(base);
  });
});

describe('imports', () => {
  it('names a case by what was dropped', () => {
    const named = (label: string): string => caseNameFor([{ label }]);
    expect(['/evidence/AWSLogs/', 'C:\\cases\\trail.json.gz', 'logs.zip', ''].map(named)).toEqual([
      'AWSLogs',
      'trail',
      'logs',
      'Untitled case',
    ]);
    expect(caseNameFor([])).toBe('Untitled case');
  });
  it('measures speed over the last seconds', () => {
    const rate = makeRate(4000);
    expect(rate(0, 0)).toBeNull();
    expect(rate(100, 100)).toBeNull();
    expect(rate(1000, 1000)).toBe(1000);
    for (let s = 2; s <= 20; s++) rate(1000, s * 1000);
    expect(rate(1000, 21_000)).toBe(0);
  });
  it('says the outcome in one sentence, with what was not read', () => {
    const outcome = {
      run: {},
      cancelled: true,
      progress: {
        filesFound: 9,
        walking: false,
        filesDone: 5,
        filesRejected: 1,
        filesRepeated: 2,
        records: 1204,
        bytesFound: 0,
        bytesDone: 0,
        reading: null,
      },
    } as unknown as ImportOutcome;
    expect(outcomeSentence(outcome, 2345)).toBe(
      '1,204 records from 5 files in 2.3 s, 2 files already in the case, 1 file rejected, 4 files found and not read. What was wholly read is kept; import the same again to continue.',
    );
  });
});
