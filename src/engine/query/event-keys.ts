/** Names of events: row → EventKey and back. `id:<eventID>`, or `src:<SHA-256>:<record number>` where that would not be one event. */
import { type EventKey, eventKey } from '../../shared/brand.ts';
import { decodeUtf8, encodeUtf8 } from '../../shared/byte-strings.ts';
import { ROW_ID_TEXT, ROW_ID_UUID } from '../../shared/segment.ts';
import type { CaseColumns } from '../columns/case-columns.ts';
import { CONFLICT, HIDDEN, type SegmentColumns } from '../columns/segment-columns.ts';
import { type Groups, textSpan } from './groups.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hex8 = (word: number): string => word.toString(16).padStart(8, '0');

export class EventKeys {
  constructor(
    private readonly columns: CaseColumns,
    private readonly groups: Groups,
  ) {}

  /** The eventID of a row, null without one. */
  idOf(segment: SegmentColumns, i: number): string | null {
    if (segment.flags[i] & ROW_ID_UUID) return uuidText(segment.idWords, i * 4);
    if (!(segment.flags[i] & ROW_ID_TEXT)) return null;
    const [from, to] = textSpan(segment, i);
    return decodeUtf8(segment.idTexts.bytes.subarray(from, to));
  }

  /** The key of the event that a shown row shows. */
  keyOf(row: number): EventKey {
    const segment = this.columns.segmentOf(row);
    const i = row - segment.base;
    if (segment.flags[i] & (ROW_ID_UUID | ROW_ID_TEXT) && !(segment.state[i] & CONFLICT)) return eventKey(`id:${this.idOf(segment, i)}`);
    // Until the last stage of a large file is in, its hash is not told and the commit stands for it.
    const { sha256 } = this.columns.files.entry(segment.blockEntry[segment.block[i]]);
    return eventKey(`src:${sha256 ?? segment.commitId}:${segment.recordNumber.at(i)}`);
  }

  /**
   * The shown row of a key, or -1. A key given before copies turned out to contradict each other finds the richest of them; a key
   * of a record that has become a copy finds the event that it is a copy of.
   */
  find(key: EventKey): number {
    if (key.startsWith('id:')) {
      const row = this.rowOfId(key.slice(3));
      return row < 0 ? -1 : (this.groups.eventsOf(row)[0]?.[0] ?? -1);
    }
    const source = /^src:(.+):(\d+)$/.exec(key);
    if (!source) return -1;
    const row = this.rowOfSource(source[1], Number(source[2]));
    return row < 0 ? -1 : this.shownRow(row);
  }

  /** Some source row with the eventID, or -1. */
  rowOfId(id: string): number {
    return UUID.test(id) ? this.groups.find(uuidWords(id), null) : this.groups.find(null, encodeUtf8(id));
  }

  /** Shown rows of all events with the eventID, in a fixed order. */
  rowsOfId(id: string): number[] {
    const row = this.rowOfId(id);
    return row < 0 ? [] : this.groups.eventsOf(row).map((rows) => rows[0]);
  }

  private shownRow(row: number): number {
    const segment = this.columns.segmentOf(row);
    if (!(segment.state[row - segment.base] & HIDDEN)) return row;
    return this.groups.eventsOf(row).find((rows) => rows.includes(row))?.[0] ?? -1;
  }

  private rowOfSource(source: string, recordNumber: number): number {
    for (const segment of this.columns.segments) {
      const wanted = segment.blockEntry.map((entry) => ((this.columns.files.entry(entry).sha256 ?? segment.commitId) === source ? 1 : 0));
      if (!wanted.includes(1)) continue;
      for (let i = 0; i < segment.rows; i++)
        if (wanted[segment.block[i]] === 1 && segment.recordNumber.at(i) === recordNumber) return segment.base + i;
    }
    return -1;
  }
}

export function uuidText(words: Uint32Array, at: number): string {
  const b = hex8(words[at + 1]);
  const c = hex8(words[at + 2]);
  return `${hex8(words[at])}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${hex8(words[at + 3])}`;
}

function uuidWords(id: string): Uint32Array {
  const hex = id.replaceAll('-', '');
  return Uint32Array.from({ length: 4 }, (_, i) => Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16));
}
