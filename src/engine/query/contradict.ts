/** Whether two rows of one eventID contradict each other: by their columns, and by what was told of their texts. */
import type { DictColumnId } from '../../shared/columns.ts';
import { sameTime } from '../../shared/copy-diff.ts';
import { ROW_SUMMARY } from '../../shared/segment.ts';
import type { CaseColumns } from '../columns/case-columns.ts';
import type { SegmentColumns } from '../columns/segment-columns.ts';

/**
 * What one event cannot have two of. Not here: what deliveries of one event are known to differ in (version, additional data,
 * extra fields of a fuller copy).
 */
export const TELLING: readonly DictColumnId[] = [
  'eventName',
  'eventSource',
  'awsRegion',
  'identityType',
  'sourceIPAddress',
  'accessKeyId',
  'errorCode',
  'outcome',
];

/** The same of two whole records. A summary names some of these in words of its own. */
export const TELLING_OF_RECORDS: readonly DictColumnId[] = [
  'userAgent',
  'principalId',
  'sessionIssuer',
  'issuedKey',
  'bytesIn',
  'bytesOut',
  'invokedBy',
  'vpcEndpointId',
  'sharedEventID',
  'readOnly',
  'eventType',
  'eventCategory',
];

/** Pairs of texts, by their hashes, that were compared field by field and contradict each other. */
export class ToldContradictions {
  private pairs = new Map<number, Set<number>>();
  /** EventIDs that have such a pair. */
  ids: readonly string[] = [];

  /** True when anything changed. `pairs`: two hashes a pair. */
  tell(pairs: Uint32Array, ids: readonly string[]): boolean {
    const next = new Map<number, Set<number>>();
    const add = (a: number, b: number): void => {
      const known = next.get(a);
      if (known) known.add(b);
      else next.set(a, new Set([b]));
    };
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      add(pairs[i], pairs[i + 1]);
      add(pairs[i + 1], pairs[i]);
    }
    const same = (set: Set<number>, hash: number): boolean => {
      const other = this.pairs.get(hash);
      return other?.size === set.size && [...set].every((h) => other.has(h));
    };
    const changed = next.size !== this.pairs.size || [...next].some(([hash, set]) => !same(set, hash));
    this.pairs = next;
    this.ids = ids;
    return changed;
  }

  knows(hash: number): boolean {
    return this.pairs.size > 0 && this.pairs.has(hash);
  }

  has(a: number, b: number): boolean {
    return this.pairs.size > 0 && this.pairs.get(a)?.has(b) === true;
  }
}

export class Contradiction {
  constructor(
    private readonly columns: CaseColumns,
    private readonly told: ToldContradictions,
  ) {}

  /** Equal for rows that contradict the same rows. */
  signature(row: number): string {
    const segment = this.columns.segmentOf(row);
    const i = row - segment.base;
    let text = `${segment.time[i]} ${segment.flags[i] & ROW_SUMMARY} ${segment.richness[i]} ${segment.dict.identity[i]}`;
    for (const column of TELLING) text += ` ${segment.dict[column][i]}`;
    for (const column of TELLING_OF_RECORDS) text += ` ${segment.dict[column][i]}`;
    text += ` ${segment.dict.userName[i]} ${segment.dict.sessionStart[i]} ${resourcesOf(segment, i).join()}`;
    return this.told.knows(segment.textHash[i]) ? `${text} ${segment.textHash[i]}` : text;
  }

  /** What is absent contradicts nothing: a poorer copy may lack it. */
  between(a: number, b: number): boolean {
    const segmentA = this.columns.segmentOf(a);
    const segmentB = this.columns.segmentOf(b);
    const i = a - segmentA.base;
    const j = b - segmentB.base;
    if (timesContradict(segmentA.time[i], segmentB.time[j])) return true;
    const summary = ((segmentA.flags[i] | segmentB.flags[j]) & ROW_SUMMARY) !== 0;
    for (const column of TELLING) {
      // Worked out of fields that a summary does not have.
      if (summary && column === 'outcome') continue;
      if (differ(segmentA.dict[column][i], segmentB.dict[column][j])) return true;
    }
    // A summary names the identity by its user name, a record by its ARN.
    if (summary) return false;
    if (this.recordsContradict(segmentA, i, segmentB, j)) return true;
    const x = segmentA.dict.identity[i];
    const y = segmentB.dict.identity[j];
    if (!differ(x, y)) return false;
    // A copy without an ARN names the identity in other words, which is no contradiction.
    const identities = this.columns.dictionary('identity');
    return identities.startsWith(x, 'arn:') === identities.startsWith(y, 'arn:');
  }

  private recordsContradict(segmentA: SegmentColumns, i: number, segmentB: SegmentColumns, j: number): boolean {
    for (const column of TELLING_OF_RECORDS) if (differ(segmentA.dict[column][i], segmentB.dict[column][j])) return true;
    const began = this.columns.dictionary('sessionStart');
    const x = segmentA.dict.sessionStart[i];
    const y = segmentB.dict.sessionStart[j];
    if (differ(x, y) && !sameTime(began.get(x) ?? '', began.get(y) ?? '')) return true;
    if (this.told.has(segmentA.textHash[i], segmentB.textHash[j])) return true;
    // Worked out of several fields, of which a poorer copy may have only some.
    if (segmentA.richness[i] !== segmentB.richness[j]) return false;
    return differ(segmentA.dict.userName[i], segmentB.dict.userName[j]) || resourcesDiffer(segmentA, i, segmentB, j);
  }
}

const differ = (x: number, y: number): boolean => x !== y && x !== 0 && y !== 0;

/** Past this many the identifiers of a record are not all kept, and which are depends on their order. */
const COMPARED_RESOURCES = 50;

function resourcesOf({ multi }: SegmentColumns, i: number): number[] {
  const { start, codes } = multi.resource;
  return Array.from(codes.subarray(start[i], start[i + 1])).sort((a, b) => a - b);
}

export function resourcesDiffer(segmentA: SegmentColumns, i: number, segmentB: SegmentColumns, j: number): boolean {
  const x = resourcesOf(segmentA, i);
  const y = resourcesOf(segmentB, j);
  if (x.length === 0 || y.length === 0 || Math.max(x.length, y.length) > COMPARED_RESOURCES) return false;
  return x.length !== y.length || x.some((code, k) => code !== y[k]);
}

/** Some sources give the time to the second, others to the millisecond. Unreadable times say nothing. */
function timesContradict(a: number, b: number): boolean {
  if (a === b || Number.isNaN(a) || Number.isNaN(b)) return false;
  return Math.floor(a / 1000) !== Math.floor(b / 1000) || (a % 1000 !== 0 && b % 1000 !== 0);
}
