import { describe, expect, it } from 'vitest';
import { pendingWords, verdictWarning } from '../../../../src/renderer/components/event-verdict.tsx';
import { besideAsks, readUnfolded } from '../../../../src/renderer/views/events/beside.ts';
import { askedColumns, cellValues, marksOf } from '../../../../src/renderer/views/events/cells.ts';
import { exportName } from '../../../../src/renderer/views/events/export-name.ts';
import { gridCommand, type KeyPress } from '../../../../src/renderer/views/events/grid-keys.ts';
import {
  DEFAULT_SETTINGS,
  dropIndex,
  MAX_WIDTH,
  MIN_WIDTH,
  readSettings,
  type TableSettings,
  widthOf,
  withMoved,
  withToggled,
  withWidth,
} from '../../../../src/renderer/views/events/table-settings.ts';
import { type EpochMs, eventKey, type RowIndex } from '../../../../src/shared/brand.ts';
import { EVENT_VERDICTS } from '../../../../src/shared/integrity.ts';
import type { PageRow } from '../../../../src/shared/plan.ts';

const three: TableSettings = {
  columns: ['eventTime', 'eventName', 'userName'],
  widths: { eventTime: 100, eventName: 100, userName: 100 },
  descending: true,
};

describe('kept columns', () => {
  it('takes only what is known and sound from what was stored', () => {
    const stored = {
      columns: ['userName', 'nonsense', 'userName', 'eventTime'],
      widths: { userName: 9e9, eventTime: 'wide', x: 3 },
      descending: false,
    };
    expect(readSettings(stored)).toEqual({ columns: ['userName', 'eventTime'], widths: { userName: MAX_WIDTH }, descending: false });
    for (const broken of [null, 7, 'x', [], { columns: [] }, { columns: 'eventTime' }]) {
      expect(readSettings(broken).columns).toEqual(DEFAULT_SETTINGS.columns);
    }
  });

  it('moves, hides and shows, and never hides the last one', () => {
    expect(withMoved(three, 'userName', 0).columns).toEqual(['userName', 'eventTime', 'eventName']);
    expect(withMoved(three, 'eventTime', 99).columns).toEqual(['eventName', 'userName', 'eventTime']);
    expect(withToggled(three, 'awsRegion').columns.at(-1)).toBe('awsRegion');
    const one = withToggled(withToggled(three, 'eventName'), 'userName');
    expect(withToggled(one, 'eventTime').columns).toEqual(['eventTime']);
  });

  it('keeps widths within bounds', () => {
    expect(widthOf(withWidth(three, 'eventName', -50), 'eventName')).toBe(MIN_WIDTH);
    expect(widthOf(withWidth(three, 'eventName', 1e6), 'eventName')).toBe(MAX_WIDTH);
  });

  it('drops a column where the pointer is', () => {
    expect(dropIndex(three, 'userName', 10)).toBe(0);
    expect(dropIndex(three, 'userName', 120)).toBe(1);
    expect(dropIndex(three, 'eventTime', 290)).toBe(2);
  });
});

describe('cells', () => {
  const asked = askedColumns({ ...three, columns: ['eventTime', 'eventID', 'resource', 'errorCode'] });
  const make = (values: Record<string, PageRow['values'][number]>): PageRow => ({
    key: eventKey('id:a'),
    row: 0 as RowIndex,
    time: 1000 as EpochMs,
    eventID: 'a',
    starred: false,
    copies: 1,
    conflict: false,
    values: asked.map((c) => values[c] ?? null),
  });

  it('asks for what is shown and what the marks need, each once', () => {
    expect(asked).toEqual(['errorCode', 'integrity', 'outcome', 'readOnly', 'resource']);
  });

  it('gives the values as filters know them', () => {
    const row = make({ resource: ['a', 'b'], errorCode: 'AccessDenied' });
    expect(cellValues(row, 'resource', asked)).toEqual(['a', 'b']);
    expect(cellValues(make({ resource: [] }), 'resource', asked)).toEqual([null]);
    expect(cellValues(row, 'eventID', asked)).toEqual(['a']);
  });

  it('marks read, write, denied and error, and says when it is not recorded', () => {
    expect(marksOf(make({ readOnly: 'true', outcome: 'success' }), asked)).toEqual({ kind: 'read', outcome: 'success', integrity: null });
    expect(marksOf(make({ readOnly: 'false', outcome: 'denied', errorCode: 'AccessDenied' }), asked)).toEqual({
      kind: 'write',
      outcome: 'denied',
      integrity: null,
    });
    expect(marksOf(make({ errorCode: 'Boom', integrity: 'mismatch' }), asked)).toEqual({
      kind: 'unknown',
      outcome: 'error',
      integrity: 'mismatch',
    });
  });

  it('warns of a file that speaks against the event, and of no other', () => {
    const warned = EVENT_VERDICTS.filter((verdict) => verdictWarning(verdict) !== null);
    expect(warned).toEqual(['matchInvalid', 'mismatch', 'appended', 'extra']);
    expect(verdictWarning(null)).toBeNull();
    expect(verdictWarning('constructor')).toBeNull();
  });

  it('says why there is no verdict yet, and nothing once there is', () => {
    expect(pendingWords(undefined, false)).toBeNull();
    expect(pendingWords({ state: 'checked', reason: null }, true)).toBeNull();
    expect(pendingWords({ state: 'checking', reason: null }, false)).toContain('being checked');
    expect(pendingWords({ state: 'checking', reason: null }, true)).toContain('when the import has ended');
    expect(pendingWords({ state: 'failed', reason: 'The disk is gone.' }, false)).toContain('The disk is gone.');
  });
});

describe('keys of the table', () => {
  const press = (key: string, more: Partial<KeyPress> = {}): ReturnType<typeof gridCommand> =>
    gridCommand({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

  it('moves, opens, stars, copies and filters', () => {
    expect(press('ArrowDown')).toEqual({ do: 'row', by: 1, extend: false });
    expect(press('ArrowUp', { shiftKey: true })).toEqual({ do: 'row', by: -1, extend: true });
    expect(press('End')).toEqual({ do: 'end', to: 'last', extend: false });
    expect(['Enter', 's', 'c', 'f', 'x', 'm', ' '].map((k) => press(k)?.do)).toEqual([
      'open',
      'star',
      'copy',
      'include',
      'exclude',
      'menu',
      'select',
    ]);
  });

  it('leaves keys of the window and the browser alone', () => {
    expect(press('f', { ctrlKey: true })).toBeNull();
    expect(press('1', { altKey: true })).toBeNull();
    expect(press('g')).toBeNull();
    expect(press('c', { metaKey: true })).toEqual({ do: 'copy' });
  });
});

describe('facets beside the rows', () => {
  it('count only what is unfolded, with what is typed', () => {
    const asks = besideAsks(200, {
      awsRegion: { collapsed: false, more: false, find: ' eu ' },
      account: { collapsed: true, more: false, find: '' },
    });
    expect(asks.map((a) => (a.ask === 'facet' ? `${a.column} ${a.find}` : a.ask))).toEqual(['count', 'histogram', 'awsRegion eu']);
  });
  it('take only known columns from what was stored', () => {
    expect(readUnfolded(['userAgent', 'nonsense', 7])).toEqual(['userAgent']);
    expect(readUnfolded({})).toBeNull();
  });
});

describe('names of exports', () => {
  it('hold no character that a file system refuses', () => {
    const at = new Date('2026-03-02T09:14:00Z');
    expect(exportName('Acme: "prod"/../x', 'csv', at)).toBe('Acme prod .. x events 2026-03-02 0914Z.csv');
    expect(exportName('///', 'ndjson', at)).toBe('case events 2026-03-02 0914Z.ndjson');
  });
});
