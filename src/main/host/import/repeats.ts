/**
 * Files with the same bytes as another of their import: what their rows say depends on what became of the one that was read, and that
 * one may still be with its thread. A copy of a rejected file is rejected, for the same reason.
 */
import type { EvidenceFile } from '../../../shared/ledger.ts';

type Outcome = Pick<EvidenceFile, 'kind' | 'status' | 'reason'>;

export class Repeats {
  private readonly outcomes = new Map<number, Outcome>();
  private readonly waiting = new Map<number, EvidenceFile[]>();

  /** `shown`: the path of a seq. */
  constructor(private readonly shown: (seq: number) => string) {}

  /** What became of a file; gives the rows that waited for it. */
  settle(seq: number, { kind, status, reason }: Outcome): EvidenceFile[] {
    this.outcomes.set(seq, { kind, status, reason: status === 'rejected' ? reason : null });
    const rows = this.waiting.get(seq) ?? [];
    this.waiting.delete(seq);
    return rows.map((row) => this.row(row, seq));
  }

  /** The row of a file with the bytes of `of` (null: the case holds them); null when it has to wait. */
  take(row: EvidenceFile, of: number | null): EvidenceFile | null {
    if (of === null) return { ...row, reason: 'The case already holds a file with the same bytes.' };
    if (this.outcomes.has(of)) return this.row(row, of);
    const rows = this.waiting.get(of);
    if (rows) rows.push(row);
    else this.waiting.set(of, [row]);
    return null;
  }

  /** Rows whose first copy never came, when nothing more will. */
  rest(): EvidenceFile[] {
    const rows = [...this.waiting].flatMap(([seq, list]) => list.map((row) => this.row(row, seq)));
    this.waiting.clear();
    return rows;
  }

  private row(row: EvidenceFile, of: number): EvidenceFile {
    const first = this.outcomes.get(of);
    const same = `The same bytes as ${this.shown(of)}`;
    if (first === undefined) return { ...row, reason: `${same}, which this import found.` };
    const { kind } = first;
    if (first.status === 'rejected') return { ...row, kind, status: 'rejected', reason: `${same}: ${first.reason ?? 'it was rejected.'}` };
    if (first.status === 'cancelled')
      return { ...row, kind, status: 'cancelled', reason: `${same}, which was not read because the import was cancelled.` };
    return { ...row, kind, reason: `${same}, which this import read.` };
  }
}
