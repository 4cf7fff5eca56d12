/** Which shapes the records of a file stood in, and what among them held none: for the file's kind and the sentence in its ledger row. */
import type { FileKind } from '../../shared/ledger.ts';
import { type RecordShape, shapeFacts } from '../../shared/record-shapes.ts';
import { type Contradiction, contradictionSentence, type NoRecord } from '../../shared/unwrap.ts';

const MAX_SENTENCES = 3;

interface Counted {
  shapes: readonly RecordShape[];
  records: number;
}

export class ShapeTally {
  private readonly counted = new Map<string, Counted>();
  private wrapped = 0;
  private contradicted = 0;
  private firstContradiction: readonly Contradiction[] | null = null;
  private passed = 0;
  private firstPassed: NoRecord | null = null;
  private last: { key: string; counted: Counted } | null = null;

  count(shapes: readonly RecordShape[]): void {
    this.wrapped++;
    const key = shapes.join(' ');
    if (this.last?.key !== key) {
      let counted = this.counted.get(key);
      if (!counted) {
        counted = { shapes: [...shapes], records: 0 };
        this.counted.set(key, counted);
      }
      this.last = { key, counted };
    }
    this.last.counted.records++;
  }

  /** An entry that says something else than the record in it. */
  contradict(what: readonly Contradiction[]): void {
    this.contradicted++;
    this.firstContradiction ??= what;
  }

  /** Something that belongs into such a file and holds no record. */
  passOver(what: NoRecord): void {
    this.passed++;
    this.firstPassed ??= what;
  }

  /** The outermost shape of most records; null when most stand by themselves. */
  main(records: number): RecordShape | null {
    if (this.wrapped * 2 < records || this.wrapped === 0) return null;
    const [most] = [...this.counted.values()].sort((a, b) => b.records - a.records);
    return most.shapes[0] === 'text-fields' || most.shapes[0] === 'logstash-time' ? null : most.shapes[0];
  }

  /** Set when something was passed over: what to say of a file that holds nothing else. */
  get passedOver(): { kind: FileKind; faultless: boolean; sentence: string } | null {
    if (this.firstPassed === null) return null;
    const { kind, reason } = this.firstPassed;
    const control = reason.startsWith('A control message');
    return {
      kind,
      faultless: control,
      sentence: this.passed === 1 ? reason : `${this.passed} entries without a CloudTrail record. The first: ${reason}`,
    };
  }

  notes(records: number): string[] {
    const notes = [...this.counted.values()]
      .sort((a, b) => b.records - a.records)
      .slice(0, MAX_SENTENCES)
      .map(({ shapes, records: n }) => {
        const words = shapes.map((shape) => shapeFacts(shape).words).join(', in it ');
        const lacks = shapes.flatMap((shape) => shapeFacts(shape).lacks ?? []);
        const which =
          n === records ? (n === 1 ? 'The record was' : 'Each record was') : `${n} of ${records} records ${n === 1 ? 'was' : 'were'}`;
        return [`${which} read from ${words}.`, ...lacks].join(' ');
      });
    if (this.firstContradiction !== null) {
      const first = contradictionSentence(this.firstContradiction);
      const n = this.contradicted;
      notes.push(n === 1 ? `${first}` : `${n} entries contradict the record in them. The first: ${first}`);
    }
    if (this.passed > 0)
      notes.push(
        `${this.passed} other ${this.passed === 1 ? 'entry was' : 'entries were'} passed over; the first: ${this.firstPassed?.reason}`,
      );
    return notes;
  }
}
