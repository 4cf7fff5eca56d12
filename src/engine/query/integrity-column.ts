/** The column `integrity`: what the digests say of the file that a row was read from. Most segments hold files of one verdict only. */
import { EVENT_VERDICTS } from '../../shared/integrity.ts';
import type { CodeArray } from '../../shared/segment.ts';
import { Dictionary } from '../columns/dictionary.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from './open-case.ts';
import type { VirtualColumn } from './virtual-columns.ts';

interface Kept {
  only: number | null;
  codes: CodeArray | null;
}

export class IntegrityColumn implements VirtualColumn {
  private readonly values = new Dictionary();
  private kept = new WeakMap<SegmentColumns, Kept>();
  private generation = -1;
  /** By code: an array of nothing but it, as long as the longest segment of that verdict. */
  private readonly uniform: Uint8Array<ArrayBuffer>[] = [];

  constructor(private readonly open: OpenCase) {
    for (const verdict of EVENT_VERDICTS) this.values.add(verdict);
  }

  dictionary(): Dictionary {
    return this.values;
  }

  codes(segment: SegmentColumns): CodeArray {
    const kept = this.of(segment);
    kept.codes ??= kept.only === null ? this.mixed(segment) : this.nothingBut(kept.only, segment.rows);
    return kept.codes;
  }

  codeAt(segment: SegmentColumns, i: number): number {
    return this.codeOfEntry(segment.blockEntry[segment.block[i]]);
  }

  onlyCode(segment: SegmentColumns): number | null {
    return this.of(segment).only;
  }

  private of(segment: SegmentColumns): Kept {
    if (this.generation !== this.open.verdictGeneration) {
      this.kept = new WeakMap();
      this.generation = this.open.verdictGeneration;
    }
    let kept = this.kept.get(segment);
    if (!kept) {
      const first = segment.blockEntry.length > 0 ? this.codeOfEntry(segment.blockEntry[0]) : 0;
      kept = { only: segment.blockEntry.every((entry) => this.codeOfEntry(entry) === first) ? first : null, codes: null };
      this.kept.set(segment, kept);
    }
    return kept;
  }

  private codeOfEntry(entry: number): number {
    return this.open.columns.files.verdictCode(entry);
  }

  private mixed(segment: SegmentColumns): CodeArray {
    const ofBlock = Uint8Array.from(segment.blockEntry, (entry) => this.codeOfEntry(entry));
    const codes = new Uint8Array(segment.rows);
    for (let i = 0; i < codes.length; i++) codes[i] = ofBlock[segment.block[i]];
    return codes;
  }

  private nothingBut(code: number, rows: number): CodeArray {
    const known = this.uniform[code];
    if (known && known.length >= rows) return known.subarray(0, rows);
    const codes = new Uint8Array(rows).fill(code);
    this.uniform[code] = codes;
    return codes;
  }
}
