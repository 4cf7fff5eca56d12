/** The column `integrity`: what the digests say of the file that a row was read from. Most segments hold files of one verdict only. */
import { EVENT_VERDICTS } from '../../shared/integrity.ts';
import type { CodeArray } from '../../shared/segment.ts';
import { Dictionary } from '../columns/dictionary.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from './open-case.ts';
import type { VirtualColumn } from './virtual-columns.ts';

export class IntegrityColumn implements VirtualColumn {
  private readonly values = new Dictionary();
  private kept = new WeakMap<SegmentColumns, CodeArray>();
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
    if (this.generation !== this.open.verdictGeneration) {
      this.kept = new WeakMap();
      this.generation = this.open.verdictGeneration;
    }
    let codes = this.kept.get(segment);
    if (!codes) {
      codes = this.codesOf(segment);
      this.kept.set(segment, codes);
    }
    return codes;
  }

  codeAt(segment: SegmentColumns, i: number): number {
    return this.open.columns.files.verdictCode(segment.blockEntry[segment.block[i]]);
  }

  private codesOf(segment: SegmentColumns): CodeArray {
    const ofBlock = Uint8Array.from(segment.blockEntry, (entry) => this.open.columns.files.verdictCode(entry));
    if (ofBlock.every((code) => code === ofBlock[0])) return this.nothingBut(ofBlock[0] ?? 0, segment.rows);
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
