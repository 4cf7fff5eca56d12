/** Values of single rows of the open case, by row index, for analyses that follow a few rows rather than a selection. */
import type { DictColumnId, MultiColumnId } from '../../shared/columns.ts';
import type { CodeArray } from '../../shared/segment.ts';
import type { OpenCase } from '../query/open-case.ts';

export class CaseRows {
  constructor(private readonly open: OpenCase) {}

  code(row: number, column: DictColumnId): number {
    const segment = this.open.columns.segmentOf(row);
    return segment.dict[column][row - segment.base];
  }

  text(row: number, column: DictColumnId): string | null {
    return this.open.columns.dictionary(column).get(this.code(row, column));
  }

  time(row: number): number {
    const segment = this.open.columns.segmentOf(row);
    return segment.time[row - segment.base];
  }

  multi(row: number, column: MultiColumnId): CodeArray {
    const segment = this.open.columns.segmentOf(row);
    const { start, codes } = segment.multi[column];
    const i = row - segment.base;
    return codes.subarray(start[i], start[i + 1]);
  }
}
