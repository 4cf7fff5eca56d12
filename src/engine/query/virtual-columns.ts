/**
 * Columns that are worked out from what the case holds rather than stored with each row. Queries read them like any other: as codes
 * into a dictionary. To add one: a row in VIRTUAL_COLUMNS, and a class here (or beside the analysis it comes from) that OpenCase makes.
 */
import type { CodeArray } from '../../shared/segment.ts';
import { Dictionary } from '../columns/dictionary.ts';
import { lowerBound } from '../columns/lower-bound.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from './open-case.ts';

export interface VirtualColumn {
  /** What the codes mean. Asked for before `codes` of the same query, so that work which both need is begun here. */
  dictionary(): Dictionary;
  /** One code a row of the segment; 0 is absent. May be shared: not to be written. */
  codes(segment: SegmentColumns): CodeArray;
  codeAt(segment: SegmentColumns, i: number): number;
  /** The code of all its rows, where they are known to have the same: nothing is counted one by one then. */
  onlyCode?(segment: SegmentColumns): number | null;
}

/** The one value of the column `starred`; not starred is absent. */
export const STARRED = 'true';

export class StarredColumn implements VirtualColumn {
  private readonly values = new Dictionary();

  constructor(private readonly open: OpenCase) {
    this.values.add(STARRED);
  }

  dictionary(): Dictionary {
    return this.values;
  }

  codes(segment: SegmentColumns): CodeArray {
    const codes = new Uint8Array(segment.rows);
    const rows = this.open.starredRows();
    for (let k = lowerBound(rows, segment.base); k < rows.length && rows[k] < segment.base + segment.rows; k++)
      codes[rows[k] - segment.base] = 1;
    return codes;
  }

  codeAt(segment: SegmentColumns, i: number): number {
    return this.open.isStarred(segment.base + i) ? 1 : 0;
  }
}

/** A column whose value is the same for all rows of an evidence file; `codeOf` takes an entry of the file table. */
export class FileFactColumn implements VirtualColumn {
  constructor(
    private readonly values: () => Dictionary,
    private readonly codeOf: (entry: number) => number,
  ) {}

  dictionary(): Dictionary {
    return this.values();
  }

  codes(segment: SegmentColumns): CodeArray {
    const ofBlock = Uint32Array.from(segment.blockEntry, this.codeOf);
    const codes = new Uint32Array(segment.rows);
    for (let i = 0; i < codes.length; i++) codes[i] = ofBlock[segment.block[i]];
    return codes;
  }

  codeAt(segment: SegmentColumns, i: number): number {
    return this.codeOf(segment.blockEntry[segment.block[i]]);
  }
}
