/** EventIDs that several events share, which contradict each other: found once per state of the data, told page by page. */
import type { EpochMs } from '../../shared/brand.ts';
import type { ColumnId, DictColumnId } from '../../shared/columns.ts';
import type { Conflict, ConflictEvent, ConflictList } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import { resourcesDiffer, TELLING, TELLING_OF_RECORDS } from './contradict.ts';
import type { OpenCase } from './open-case.ts';

/** Events of one eventID that are told; `total` counts them all. */
const LISTED = 20;
const MAX_PAGE = 1000;

/** A shown row of each such eventID, earliest event first, those without a time last. */
interface Found {
  generation: number;
  rows: Uint32Array;
  events: number;
}

export class Conflicts {
  private found: Found | null = null;

  constructor(private readonly open: OpenCase) {}

  page(offset: number, limit: number): ConflictList {
    if (![offset, limit].every((n) => Number.isInteger(n) && n >= 0) || limit > MAX_PAGE)
      throw new AppError('bad-input', `A page of contradictions begins at a whole number from 0 and has at most ${MAX_PAGE} of them.`);
    const { rows, events } = this.all();
    const page = { ids: rows.length, events, rows: Array.from(rows.subarray(offset, offset + limit), (row) => this.conflict(row)) };
    return this.open.copies ? { ...page, copies: this.open.copies } : page;
  }

  /** Null when no two events of this ID contradict each other. */
  of(eventID: string): Conflict | null {
    this.open.update();
    const rows = this.open.keys.rowsOfId(eventID);
    return rows.length > 1 ? this.conflict(rows[0]) : null;
  }

  private all(): Found {
    const { open } = this;
    open.update();
    if (this.found?.generation === open.generation) return this.found;
    const rows: number[] = [];
    const times: number[] = [];
    let events = 0;
    open.groups.forEachConflict((shown) => {
      let first = Number.POSITIVE_INFINITY;
      for (const row of shown) first = Math.min(first, timeOf(open, row) ?? Number.POSITIVE_INFINITY);
      events += shown.length;
      rows.push(shown[0]);
      times.push(first);
    });
    const order = Uint32Array.from(rows.keys()).sort((a, b) => {
      if (times[a] !== times[b]) return times[a] < times[b] ? -1 : 1;
      return open.groups.compareIds(rows[a], rows[b]);
    });
    this.found = { generation: open.generation, rows: order.map((k) => rows[k]), events };
    return this.found;
  }

  private conflict(row: number): Conflict {
    const { open } = this;
    const segment = open.columns.segmentOf(row);
    const all = open.groups.eventsOf(row);
    const listed = all.slice(0, LISTED);
    return {
      eventID: open.keys.idOf(segment, row - segment.base) ?? '',
      total: all.length,
      events: listed.map((rows) => this.event(rows)),
      differs: this.differs(listed.map((rows) => rows[0])),
    };
  }

  private event(rows: readonly number[]): ConflictEvent {
    const { open } = this;
    const [row] = rows;
    const value = (column: 'eventName' | 'principal' | 'file' | 'integrity'): string | null => {
      const segment = open.columns.segmentOf(row);
      return open.dictionary(column).get(open.codeAt(segment, row - segment.base, column));
    };
    return {
      key: open.keys.keyOf(row),
      time: timeOf(open, row),
      copies: rows.length,
      eventName: value('eventName'),
      principal: value('principal'),
      file: value('file'),
      integrity: value('integrity'),
    };
  }

  /** Columns of which two of the rows have different values. */
  private differs(rows: readonly number[]): ColumnId[] {
    const differ = (of: (row: number) => number | null): boolean => new Set(rows.map(of).filter((value) => value)).size > 1;
    const code = (column: DictColumnId) => (row: number) => {
      const segment = this.open.columns.segmentOf(row);
      return segment.dict[column][row - segment.base];
    };
    const time: ColumnId[] = differ((row) => timeOf(this.open, row)) ? ['eventTime'] : [];
    const columns = [...TELLING, 'identity' as const, ...TELLING_OF_RECORDS, 'userName' as const, 'sessionStart' as const];
    return [...time, ...columns.filter((column) => differ(code(column))), ...(this.resourcesDiffer(rows) ? ['resource' as const] : [])];
  }

  private resourcesDiffer([first, ...others]: readonly number[]): boolean {
    const a = this.open.columns.segmentOf(first);
    return others.some((row) => {
      const b = this.open.columns.segmentOf(row);
      return resourcesDiffer(a, first - a.base, b, row - b.base);
    });
  }
}

function timeOf(open: OpenCase, row: number): EpochMs | null {
  const segment = open.columns.segmentOf(row);
  const time = segment.time[row - segment.base];
  return Number.isNaN(time) ? null : (time as EpochMs);
}
