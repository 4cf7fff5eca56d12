/** The columns `origin`, `depth` and `originProof`: of each event, from the credential it was made with. */
import type { Ask, Filter } from '../../shared/plan.ts';
import type { CodeArray } from '../../shared/segment.ts';
import { Dictionary } from '../columns/dictionary.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { VirtualColumn } from '../query/virtual-columns.ts';
import type { CredentialGraph } from './graph.ts';
import { originText } from './names.ts';
import { secondOf } from './times.ts';

const ORIGIN_COLUMNS = ['origin', 'depth', 'originProof'] as const;
type OriginColumnId = (typeof ORIGIN_COLUMNS)[number];

/** Columns that need the credential graph. */
export const isOriginColumn = (column: string): boolean => (ORIGIN_COLUMNS as readonly string[]).includes(column);

/** Whether a selection filters by such a column. */
export function filtersByOrigin(filters: readonly Filter[], depth = 0): boolean {
  // Deeper nesting is refused when the filter is compiled.
  if (depth > MAX_DEPTH) return false;
  return filters.some((f) => ('filters' in f ? filtersByOrigin(f.filters, depth + 1) : 'column' in f && isOriginColumn(f.column)));
}

/** Whether an ask reads such a column. */
export function asksForOrigin(ask: Ask): boolean {
  if (ask.ask === 'facet') return isOriginColumn(ask.column);
  if (ask.ask === 'histogram') return ask.stackBy !== null && isOriginColumn(ask.stackBy);
  if (ask.ask === 'page') return ask.columns.some(isOriginColumn);
  return ask.ask === 'group' && [ask.by, ...ask.distinct, ask.sort.replace('distinct:', '')].some(isOriginColumn);
}

const MAX_DEPTH = 64;
const NOTHING = new Dictionary();

/** Whether the chain of this event is proven: every hop exact, and the event within the lifetime of its own credential. */
export function provenAt(graph: CredentialGraph, credential: number, time: number): boolean {
  if (graph.parent[credential] === 0) return graph.proven[credential] === 1;
  return graph.proven[credential] === 1 && graph.within(credential, secondOf(time));
}

/** Codes of one graph; made per segment at the first question and kept. */
class Codes {
  readonly dictionary = new Dictionary();
  private readonly ofCredential: Uint32Array;
  private readonly segments = new WeakMap<SegmentColumns, CodeArray>();

  constructor(
    open: OpenCase,
    readonly graph: CredentialGraph,
    private readonly column: OriginColumnId,
  ) {
    this.ofCredential = new Uint32Array(graph.count + 1);
    if (column === 'originProof') {
      this.dictionary.add('proven');
      this.dictionary.add('inferred');
      return;
    }
    const known = new Map<number, number>();
    for (let n = 1; n <= graph.count; n++) {
      if (graph.attempt[n] === 1) continue;
      const by = column === 'depth' ? graph.depth[n] : graph.origin[n];
      let code = known.get(by);
      if (code === undefined) {
        const text = column === 'depth' ? String(by) : originText(open, graph, by);
        code = text === null ? 0 : this.dictionary.add(text);
        known.set(by, code);
      }
      this.ofCredential[n] = code;
    }
  }

  at(segment: SegmentColumns, i: number): number {
    const n = this.graph.ofRow[segment.base + i];
    if (this.column !== 'originProof') return this.ofCredential[n];
    return n === 0 || this.graph.attempt[n] === 1 ? 0 : provenAt(this.graph, n, segment.time[i]) ? 1 : 2;
  }

  of(segment: SegmentColumns): CodeArray {
    let codes = this.segments.get(segment);
    if (codes === undefined) {
      codes = this.dictionary.count < 0x100 ? new Uint8Array(segment.rows) : new Uint32Array(segment.rows);
      for (let i = 0; i < segment.rows; i++) codes[i] = this.at(segment, i);
      this.segments.set(segment, codes);
    }
    return codes;
  }
}

/** Absent everywhere until the graph was built, which who runs a query sees to (`OpenCase.lineage.need`). */
export class OriginColumn implements VirtualColumn {
  private made: Codes | null = null;

  constructor(
    private readonly open: OpenCase,
    private readonly column: OriginColumnId,
  ) {}

  dictionary(): Dictionary {
    return this.codesNow()?.dictionary ?? NOTHING;
  }

  codes(segment: SegmentColumns): CodeArray {
    return this.codesNow()?.of(segment) ?? new Uint8Array(segment.rows);
  }

  codeAt(segment: SegmentColumns, i: number): number {
    return this.codesNow()?.at(segment, i) ?? 0;
  }

  private codesNow(): Codes | null {
    const graph = this.open.lineage.current;
    if (graph === null) return null;
    if (this.made?.graph !== graph) this.made = new Codes(this.open, graph, this.column);
    return this.made;
  }
}
