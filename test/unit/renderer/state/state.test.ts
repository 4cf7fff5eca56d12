import { beforeEach, describe, expect, it } from 'vitest';
import { navigationOf } from '../../../../src/renderer/app/navigation.tsx';
import { useApp } from '../../../../src/renderer/state/app.ts';
import { caseNameFor, makeRate, outcomeSentence } from '../../../../src/renderer/state/imports.ts';
import { keptAt, stepOf } from '../../../../src/renderer/state/kept.ts';
import { LISTED_COLUMNS, listedColumn, listRoute } from '../../../../src/renderer/state/lists.ts';
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
      { view: 'principals' },
      { view: 'principals', by: 'origin' },
      { view: 'agents', by: 'agentMark' },
      { view: 'list', by: 'awsRegion' },
    ] as const) {
      expect(routeFromText(routeToText(route))).toEqual(route);
    }
  });
  it('fall back to the overview when they mean nothing', () => {
    for (const text of [
      '',
      'nonsense',
      'subject/eventID/x',
      'subject/__proto__/x',
      'subject/resource/%E0%A4%A',
      'cases',
      'list',
      'list/eventID',
      'list/__proto__',
    ])
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

describe('a step of the history', () => {
  it('keeps what a view left there, goes on under another tab, and is forgotten by none but its own', () => {
    useApp.setState({ route: { view: 'principals' }, routes: [], forwardRoutes: [] });
    const { navigate, replace, goBack, goForward } = useApp.getState();
    keptAt(useApp.getState().route).set('find', 'admin');
    const step = stepOf(useApp.getState().route);
    replace({ view: 'principals', by: 'origin' });
    expect(useApp.getState().routes).toEqual([]);
    expect(stepOf(useApp.getState().route)).toBe(step);
    navigate({ view: 'subject', column: 'origin', value: 'a' });
    replace({ view: 'subject', column: 'origin', value: 'a', tab: 'revert' });
    replace({ view: 'subject', column: 'origin', value: 'a', tab: 'sessions' });
    expect(keptAt(useApp.getState().route).get('find')).toBeUndefined();
    goBack();
    expect(useApp.getState().route).toEqual({ view: 'principals', by: 'origin' });
    expect(keptAt(useApp.getState().route).get('find')).toBe('admin');
    goForward();
    expect(useApp.getState().route).toEqual({ view: 'subject', column: 'origin', value: 'a', tab: 'sessions' });
    navigate({ view: 'principals', by: 'origin' });
    expect(keptAt(useApp.getState().route).get('find')).toBeUndefined();
  });
});

describe('lists', () => {
  it('are found for every column, and show that column', () => {
    for (const column of LISTED_COLUMNS) {
      const route = listRoute(column);
      expect(listedColumn(route)).toBe(column);
      expect(routeFromText(routeToText(route))).toEqual(route);
      expect(navigationOf(route)).not.toBeNull();
    }
  });
  it('and the pages of their values stand under the same entry of the navigation', () => {
    expect(navigationOf({ view: 'subject', column: 'origin', value: 'a', tab: 'revert' })).toBe('principals');
    expect(navigationOf({ view: 'subject', column: 'vpcEndpointId', value: 'a' })).toBe('addresses');
    expect(navigationOf({ view: 'subject', column: 'agentMark', value: 'a' })).toBe('agents');
    expect(navigationOf({ view: 'subject', column: 'accessKeyId', value: 'a' })).toBe('credentials');
    expect(navigationOf({ view: 'subject', column: 'awsRegion', value: 'a' })).toBe('overview');
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
