/**
 * Columns read off the text of another column: the tool and the mark of a user agent, the kind of an address. Each distinct value is
 * looked at once, whatever the number of events.
 */
import { type AddressKind, addressKind } from '../../shared/addresses.ts';
import { parseAgent } from '../../shared/agents.ts';
import type { DictColumnId } from '../../shared/columns.ts';
import type { CodeArray } from '../../shared/segment.ts';
import { Dictionary } from '../columns/dictionary.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { VirtualColumn } from '../query/virtual-columns.ts';

type Codes = Uint32Array<ArrayBuffer>;

export class DerivedColumn implements VirtualColumn {
  private values = new Dictionary();
  private source: Dictionary | null = null;
  /** Code of the source → code here, for the first `mapped` codes of the source. */
  private map: Codes = new Uint32Array(1);
  private mapped = 0;
  private bySegment = new WeakMap<SegmentColumns, CodeArray>();

  /** `derive` gives null for "absent". `adjust` may correct the code of a row by its other columns. */
  constructor(
    private readonly open: OpenCase,
    private readonly from: DictColumnId,
    private readonly derive: (text: string) => string | null,
    private readonly adjust: ((segment: SegmentColumns, i: number, code: number) => number) | null = null,
    private readonly fixed: readonly string[] = [],
  ) {
    this.begin();
  }

  dictionary(): Dictionary {
    this.update();
    return this.values;
  }

  codes(segment: SegmentColumns): CodeArray {
    this.update();
    let codes = this.bySegment.get(segment);
    if (!codes) {
      const source = segment.dict[this.from];
      codes = codesFor(this.values.count, segment.rows);
      for (let i = 0; i < codes.length; i++) codes[i] = this.map[source[i]];
      if (this.adjust) for (let i = 0; i < codes.length; i++) codes[i] = this.adjust(segment, i, codes[i]);
      this.bySegment.set(segment, codes);
    }
    return codes;
  }

  codeAt(segment: SegmentColumns, i: number): number {
    this.update();
    const code = this.map[segment.dict[this.from][i]];
    return this.adjust ? this.adjust(segment, i, code) : code;
  }

  private update(): void {
    const source = this.open.columns.dictionary(this.from);
    if (source !== this.source) {
      this.begin();
      this.source = source;
    }
    if (this.mapped === source.count) return;
    const map = new Uint32Array(source.count + 1);
    map.set(this.map.subarray(0, this.mapped + 1));
    for (let code = this.mapped + 1; code <= source.count; code++) {
      const value = this.derive(source.get(code) ?? '');
      map[code] = value === null ? 0 : this.values.find(value) || this.values.add(value);
    }
    this.map = map;
    this.mapped = source.count;
  }

  private begin(): void {
    this.values = new Dictionary();
    for (const value of this.fixed) this.values.add(value);
    this.map = new Uint32Array(1);
    this.mapped = 0;
    this.bySegment = new WeakMap();
  }
}

const codesFor = (largest: number, rows: number): CodeArray =>
  largest < 0x100 ? new Uint8Array(rows) : largest < 0x10000 ? new Uint16Array(rows) : new Uint32Array(rows);

export const agentToolColumn = (open: OpenCase): DerivedColumn => new DerivedColumn(open, 'userAgent', (text) => parseAgent(text).tool);

/** The first mark of an odd agent; absent for an agent without one. */
export const agentMarkColumn = (open: OpenCase): DerivedColumn =>
  new DerivedColumn(open, 'userAgent', (text) => parseAgent(text).marks.at(0)?.mark ?? null);

/** A call that came through a VPC endpoint, as its record says, is of that kind whatever its address. */
export function addressKindColumn(open: OpenCase): DerivedColumn {
  const first: AddressKind[] = ['VPC endpoint', 'public', 'private'];
  const throughEndpoint = (segment: SegmentColumns, i: number, code: number): number =>
    segment.dict.vpcEndpointId[i] !== 0 && (code === 2 || code === 3) ? 1 : code;
  return new DerivedColumn(open, 'sourceIPAddress', addressKind, throughEndpoint, first);
}
