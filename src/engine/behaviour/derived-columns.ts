/**
 * Columns read off the text of another column: the tool and the mark of a user agent, the kind of an address. Each distinct value is
 * looked at once, whatever the number of events.
 */
import { type AddressKind, addressKind } from '../../shared/addresses.ts';
import { agentMarks, agentTool } from '../../shared/agents.ts';
import { grown } from '../../shared/byte-table.ts';
import type { DictColumnId } from '../../shared/columns.ts';
import type { CodeArray } from '../../shared/segment.ts';
import { Dictionary } from '../columns/dictionary.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { VirtualColumn } from '../query/virtual-columns.ts';

type Codes = Uint32Array<ArrayBuffer>;

/** Corrects the code of a row that has a value in another column. */
interface Adjust {
  column: DictColumnId;
  code: (code: number) => number;
}

export class DerivedColumn implements VirtualColumn {
  private values = new Dictionary();
  private source: Dictionary | null = null;
  /** Code of the source → code here + 1, 0 where its text was not looked at yet. */
  private map: Codes = new Uint32Array(1);
  /** All codes of the source up to here were looked at. */
  private mapped = 0;
  private bySegment = new WeakMap<SegmentColumns, CodeArray>();

  /** `derive` gives null for "absent". */
  constructor(
    private readonly open: OpenCase,
    readonly from: DictColumnId,
    private readonly derive: (text: string) => string | null,
    private readonly adjust: Adjust | null = null,
    private readonly fixed: readonly string[] = [],
  ) {
    this.begin();
  }

  /** The column that `adjust` looks at. */
  get beside(): DictColumnId | null {
    return this.adjust?.column ?? null;
  }

  dictionary(): Dictionary {
    this.update();
    return this.values;
  }

  /** The values that were met until now: what `codesOf` gave has its texts here. */
  met(): Dictionary {
    this.need();
    return this.values;
  }

  /**
   * Writes codes by those of the source and, for a column that is adjusted, of `beside`, from ≤ k < to. Only the texts of these are
   * looked at.
   */
  codesOf(source: Codes, beside: Codes | null, out: Codes, from: number, to: number): void {
    this.need();
    const { map, adjust } = this;
    for (let k = from; k < to; k++) if (map[source[k]] === 0) this.look(source[k]);
    for (let k = from; k < to; k++) out[k] = map[source[k]] - 1;
    if (adjust && beside) for (let k = from; k < to; k++) if (beside[k] !== 0) out[k] = adjust.code(out[k]);
  }

  codes(segment: SegmentColumns): CodeArray {
    this.update();
    let codes = this.bySegment.get(segment);
    if (!codes) {
      const source = segment.dict[this.from];
      const { map, adjust } = this;
      codes = codesFor(this.values.count, segment.rows);
      for (let i = 0; i < codes.length; i++) codes[i] = map[source[i]] - 1;
      if (adjust) {
        const beside = segment.dict[adjust.column];
        for (let i = 0; i < codes.length; i++) if (beside[i] !== 0) codes[i] = adjust.code(codes[i]);
      }
      this.bySegment.set(segment, codes);
    }
    return codes;
  }

  codeAt(segment: SegmentColumns, i: number): number {
    this.need();
    const source = segment.dict[this.from][i];
    const code = (this.map[source] || this.look(source)) - 1;
    const beside = this.adjust ? segment.dict[this.adjust.column][i] : 0;
    return this.adjust && beside !== 0 ? this.adjust.code(code) : code;
  }

  /** The code + 1 of a text that was not looked at yet. */
  private look(code: number): number {
    const value = this.derive(this.source?.get(code) ?? '');
    this.map[code] = 1 + (value === null ? 0 : this.values.find(value) || this.values.add(value));
    return this.map[code];
  }

  private update(): void {
    const source = this.need();
    for (let code = this.mapped + 1; code <= source.count; code++) if (this.map[code] === 0) this.look(code);
    this.mapped = source.count;
  }

  /** Room for all codes of the source as it is now. */
  private need(): Dictionary {
    const source = this.open.columns.dictionary(this.from);
    if (source !== this.source) {
      this.begin();
      this.source = source;
    }
    this.map = grown(this.map, source.count + 1);
    return source;
  }

  private begin(): void {
    this.values = new Dictionary();
    for (const value of this.fixed) this.values.add(value);
    this.map = Uint32Array.of(1);
    this.mapped = 0;
    this.bySegment = new WeakMap();
  }
}

const codesFor = (largest: number, rows: number): CodeArray =>
  largest < 0x100 ? new Uint8Array(rows) : largest < 0x10000 ? new Uint16Array(rows) : new Uint32Array(rows);

export const agentToolColumn = (open: OpenCase): DerivedColumn => new DerivedColumn(open, 'userAgent', agentTool);

/** The first mark of an odd agent; absent for an agent without one. */
export const agentMarkColumn = (open: OpenCase): DerivedColumn =>
  new DerivedColumn(open, 'userAgent', (text) => agentMarks(text).at(0)?.mark ?? null);

/** A call that came through a VPC endpoint, as its record says, is of that kind whatever its address. */
export function addressKindColumn(open: OpenCase): DerivedColumn {
  const first: AddressKind[] = ['VPC endpoint', 'public', 'private'];
  const throughEndpoint = (code: number): number => (code === 2 || code === 3 ? 1 : code);
  return new DerivedColumn(open, 'sourceIPAddress', addressKind, { column: 'vpcEndpointId', code: throughEndpoint }, first);
}
