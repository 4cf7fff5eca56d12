/**
 * Source rows → events. Rows with the same eventID are one event, shown by its richest copy; copies that contradict each other are
 * events of their own, marked as a conflict. The outcome depends on the rows only, never on the order in which they came.
 */

import { compareBytes, sameBytes, startOf } from '../../shared/byte-strings.ts';
import { grown } from '../../shared/byte-table.ts';
import { hashBytes, hashWords, tableSize } from '../../shared/hash.ts';
import { ROW_ID_TEXT, ROW_ID_UUID, ROW_SUMMARY } from '../../shared/segment.ts';
import type { CaseColumns } from '../columns/case-columns.ts';
import { CONFLICT, HIDDEN, type SegmentColumns, SHARED, WITHDRAWN } from '../columns/segment-columns.ts';
import { Contradiction, ToldContradictions } from './contradict.ts';

/** So many different events under one eventID are compared with each other; beyond, only exact equals are joined. */
const COMPARED_EVENTS = 64;
const CLUSTERS_KEPT = 64;

export class Groups {
  /** Events = rows that are shown. */
  events = 0;
  /** Rows of withdrawn files: they stay where they are, and belong to no event. */
  withdrawn = 0;
  /** Distinct eventIDs, those of withdrawn rows included. */
  private allIds = 0;
  private liveIds: number | null = null;
  /** Rows that became shown (`appeared`) or hidden (`vanished`) among those grouped before the last `update`. */
  private appeared: number[] = [];
  private vanished = 0;
  private grouped = 0;
  private slots = new Uint32Array(1024);
  /** next[row] is the next row of its group + 1, 0 at the end; the first row of a group is its head. Empty until a group has two. */
  private next = new Uint32Array(0);
  private readonly dirty = new Set<number>();
  /** By head, until the rows change: one page asks for the same large group again and again. */
  private readonly clusters = new Map<number, number[][]>();

  private readonly contradiction: Contradiction;

  constructor(
    private readonly columns: CaseColumns,
    told = new ToldContradictions(),
  ) {
    this.contradiction = new Contradiction(columns, told);
  }

  /** Takes in rows attached since the last call. */
  update(): void {
    const { columns } = this;
    if (this.grouped < columns.rows) {
      this.needSlots(columns.rows);
      if (this.next.length > 0) this.next = grown(this.next, columns.rows);
      for (const segment of columns.segments) {
        if (segment.base + segment.rows > this.grouped && segment.base >= this.grouped) this.insertAll(segment);
      }
      this.events += columns.rows - this.grouped;
      for (const segment of columns.segments) if (segment.base >= this.grouped) this.markWithdrawn(segment);
      this.liveIds = null;
    }
    if (this.dirty.size > 0) this.clusters.clear();
    for (const head of this.dirty) this.decide(head);
    this.dirty.clear();
    this.grouped = columns.rows;
  }

  /** The files of these rows became known or others: the choice among copies may change. */
  touch(segment: SegmentColumns): void {
    if (segment.base >= this.grouped) return;
    for (let i = 0; i < segment.rows; i++) if (segment.state[i] & SHARED) this.dirty.add(this.headOf(segment.base + i));
  }

  /** What is known of the texts of a row's copies became other. */
  touchRow(row: number): void {
    if (row < this.grouped && this.stateOf(row) & SHARED) this.dirty.add(this.headOf(row));
  }

  /** Files of the segment were withdrawn or brought back. */
  withdraw(segment: SegmentColumns): void {
    if (segment.base < this.grouped) this.markWithdrawn(segment);
  }

  /** Distinct eventIDs. */
  get ids(): number {
    if (this.withdrawn === 0) return this.allIds;
    if (this.liveIds === null) {
      this.liveIds = 0;
      for (const slot of this.slots) if (slot !== 0 && this.isLive(slot - 1)) this.liveIds++;
    }
    return this.liveIds;
  }

  /** What changed among the rows up to `before` since the last call; a row may be named that is hidden again. */
  takeChanges(): { appeared: number[]; vanished: number } {
    const changes = { appeared: this.appeared, vanished: this.vanished };
    this.appeared = [];
    this.vanished = 0;
    return changes;
  }

  /** The events of an eventID given as a row that has it: for each, its rows, the shown one first. In a fixed order; none when all rows were withdrawn. */
  eventsOf(row: number): readonly (readonly number[])[] {
    const segment = this.columns.segmentOf(row);
    const state = segment.state[row - segment.base];
    if (!(state & SHARED)) return state & WITHDRAWN ? [] : [[row]];
    const head = this.headOf(row);
    let events = this.clusters.get(head);
    if (!events) {
      events = this.cluster(this.heldMembers(head));
      if (this.clusters.size >= CLUSTERS_KEPT) this.clusters.clear();
      this.clusters.set(head, events);
    }
    return events;
  }

  /** Some row with this eventID, or -1. */
  find(words: Uint32Array | null, text: Uint8Array | null): number {
    const mask = this.slots.length - 1;
    const hash = words ? hashWords(words, 0) : text ? hashBytes(text, 0, text.length) : 0;
    for (let slot = hash & mask; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = this.slots[slot] - 1;
      const segment = this.columns.segmentOf(row);
      if (words ? sameWords(segment, row - segment.base, words, 0) : text && sameText(segment, row - segment.base, text, 0, text.length))
        return row;
    }
    return -1;
  }

  /** Order of copies and of rows that nothing else tells apart: by file (SHA-256, path), then by record number. */
  compareSources(a: number, b: number): number {
    const segmentA = this.columns.segmentOf(a);
    const segmentB = this.columns.segmentOf(b);
    const i = a - segmentA.base;
    const j = b - segmentB.base;
    const fileA = segmentA.blockEntry[segmentA.block[i]];
    const fileB = segmentB.blockEntry[segmentB.block[j]];
    return this.columns.files.compare(fileA, fileB) || segmentA.recordNumber.at(i) - segmentB.recordNumber.at(j) || a - b;
  }

  /** Order of two rows' eventIDs: UUIDs, then other texts, then none. 0 when equal. */
  compareIds(a: number, b: number): number {
    const segmentA = this.columns.segmentOf(a);
    const segmentB = this.columns.segmentOf(b);
    const i = a - segmentA.base;
    const j = b - segmentB.base;
    const kindA = idKind(segmentA.flags[i]);
    const kindB = idKind(segmentB.flags[j]);
    if (kindA !== kindB) return kindA - kindB;
    if (kindA === 0) {
      for (let w = 0; w < 4; w++) {
        const difference = segmentA.idWords[i * 4 + w] - segmentB.idWords[j * 4 + w];
        if (difference !== 0) return difference;
      }
      return 0;
    }
    if (kindA === 2) return 0;
    const [fromA, toA] = textSpan(segmentA, i);
    const [fromB, toB] = textSpan(segmentB, j);
    return compareBytes(segmentA.idTexts.bytes, fromA, toA, segmentB.idTexts.bytes, fromB, toB);
  }

  /** The eventID of each group once, as a row that has it. */
  forEachId(visit: (row: number) => void): void {
    for (const slot of this.slots) if (slot !== 0 && (this.withdrawn === 0 || this.isLive(slot - 1))) visit(slot - 1);
  }

  /** Each eventID of several events once, with the rows that show these, in no order. */
  forEachConflict(visit: (shown: number[]) => void): void {
    for (const slot of this.slots) {
      if (slot === 0 || !(this.stateOf(slot - 1) & SHARED)) continue;
      const shown = this.members(slot - 1).filter((row) => this.stateOf(row) & CONFLICT);
      if (shown.length > 1) visit(shown);
    }
  }

  /** Places of the table of eventIDs, of which some are empty; other ones after the rows changed. */
  get places(): number {
    return this.slots.length;
  }

  /**
   * A row of each different text that whole records of the eventID at a place have, by their hash: the richest first. None unless
   * there are two. A copy in the same words costs one comparison.
   */
  differentTexts(place: number): number[] {
    const head = this.slots[place] - 1;
    if (head < 0 || this.next.length === 0 || this.next[head] === 0) return [];
    const first = this.textOf(head);
    let at = this.next[head];
    while (at !== 0 && this.textOf(at - 1) === first) at = this.next[at - 1];
    if (at === 0) return [];
    const texts = new Map<number, number>();
    for (const row of this.heldMembers(head)) {
      const known = texts.get(this.textOf(row));
      if (!this.isSummary(row) && (known === undefined || this.compareSources(row, known) < 0)) texts.set(this.textOf(row), row);
    }
    if (texts.size < 2) return [];
    return [...texts.values()].sort((a, b) => this.richnessOf(b) - this.richnessOf(a) || this.textOf(a) - this.textOf(b));
  }

  private textOf(row: number): number {
    const segment = this.columns.segmentOf(row);
    return segment.textHash[row - segment.base];
  }

  private richnessOf(row: number): number {
    const segment = this.columns.segmentOf(row);
    return segment.richness[row - segment.base];
  }

  private isSummary(row: number): boolean {
    const segment = this.columns.segmentOf(row);
    return (segment.flags[row - segment.base] & ROW_SUMMARY) !== 0;
  }

  get byteLength(): number {
    return this.slots.byteLength + this.next.byteLength;
  }

  private insertAll(segment: SegmentColumns): void {
    const { flags, idWords, base } = segment;
    for (let i = 0; i < segment.rows; i++) {
      if (flags[i] & ROW_ID_UUID) this.insert(segment, base + i, hashWords(idWords, i * 4));
      else if (flags[i] & ROW_ID_TEXT) {
        const [from, to] = textSpan(segment, i);
        this.insert(segment, base + i, hashBytes(segment.idTexts.bytes, from, to));
      }
    }
  }

  private insert(segment: SegmentColumns, row: number, hash: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) {
      const head = slots[slot] - 1;
      if (this.sameId(head, segment, row)) {
        this.link(head, row);
        return;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = row + 1;
    this.allIds++;
  }

  private link(head: number, row: number): void {
    if (this.next.length === 0) this.next = new Uint32Array(this.columns.rows);
    this.next[row] = this.next[head];
    this.next[head] = row + 1;
    this.dirty.add(head);
  }

  private sameId(head: number, segment: SegmentColumns, row: number): boolean {
    const other = this.columns.segmentOf(head);
    const h = head - other.base;
    const i = row - segment.base;
    if (segment.flags[i] & ROW_ID_UUID) return sameWords(other, h, segment.idWords, i * 4);
    const [from, to] = textSpan(segment, i);
    return sameText(other, h, segment.idTexts.bytes, from, to);
  }

  private headOf(row: number): number {
    const segment = this.columns.segmentOf(row);
    const i = row - segment.base;
    if (segment.flags[i] & ROW_ID_UUID) return this.find(segment.idWords.subarray(i * 4, i * 4 + 4), null);
    const [from, to] = textSpan(segment, i);
    return this.find(null, segment.idTexts.bytes.subarray(from, to));
  }

  private members(head: number): number[] {
    const members = [head];
    for (let at = this.next[head]; at !== 0; at = this.next[at - 1]) members.push(at - 1);
    return members;
  }

  private isWithdrawn(row: number): boolean {
    const segment = this.columns.segmentOf(row);
    return (segment.state[row - segment.base] & WITHDRAWN) !== 0;
  }

  private heldMembers(head: number): number[] {
    const members = this.members(head);
    return this.withdrawn === 0 ? members : members.filter((row) => !this.isWithdrawn(row));
  }

  /** Whether any row of a group was not withdrawn. */
  private isLive(head: number): boolean {
    if (!this.isWithdrawn(head)) return true;
    const segment = this.columns.segmentOf(head);
    return (segment.state[head - segment.base] & SHARED) !== 0 && this.members(head).some((row) => !this.isWithdrawn(row));
  }

  /** Brings the rows of a segment in line with what is told of their files. A row alone is settled at once, a group by `decide`. */
  private markWithdrawn(segment: SegmentColumns): void {
    const { state, block, blockWithdrawn, base } = segment;
    if (this.withdrawn === 0 && !blockWithdrawn.includes(1)) return;
    for (let i = 0; i < segment.rows; i++) {
      const withdrawn = blockWithdrawn[block[i]] === 1;
      if (withdrawn === ((state[i] & WITHDRAWN) !== 0)) continue;
      this.withdrawn += withdrawn ? 1 : -1;
      this.liveIds = null;
      if (state[i] & SHARED) {
        this.setState(base + i, withdrawn ? SHARED | WITHDRAWN | HIDDEN : SHARED | HIDDEN);
        this.dirty.add(this.headOf(base + i));
      } else this.setState(base + i, withdrawn ? WITHDRAWN | HIDDEN : 0);
    }
  }

  /** Sets the state of every row of a group anew. */
  private decide(head: number): void {
    const members = this.members(head);
    const held = this.withdrawn === 0 ? members : members.filter((row) => !this.isWithdrawn(row));
    if (held.length < members.length) {
      for (const row of members) if (this.isWithdrawn(row)) this.setState(row, SHARED | WITHDRAWN | HIDDEN);
    }
    const events = this.cluster(held);
    const conflict = events.length > 1 ? CONFLICT : 0;
    for (const rows of events) for (let k = 0; k < rows.length; k++) this.setState(rows[k], SHARED | (k === 0 ? conflict : HIDDEN));
  }

  private setState(row: number, state: number): void {
    const segment = this.columns.segmentOf(row);
    const before = segment.state[row - segment.base];
    segment.state[row - segment.base] = state;
    const change = (before & HIDDEN) - (state & HIDDEN);
    this.events += change;
    if (row >= this.grouped) return;
    if (change > 0) this.appeared.push(row);
    if (change < 0) this.vanished++;
  }

  /** Splits rows of one eventID into events: each row joins the first event, in the order of copies, that it does not contradict. */
  private cluster(rows: number[]): number[][] {
    rows.sort((a, b) => this.compareCopies(a, b));
    const events: number[][] = [];
    const bySignature = new Map<string, number[]>();
    for (const row of rows) {
      const signature = rows.length > 2 ? this.contradiction.signature(row) : '';
      let event = signature === '' ? undefined : bySignature.get(signature);
      for (let e = 0; !event && e < events.length && e < COMPARED_EVENTS; e++)
        if (!this.contradiction.between(events[e][0], row)) event = events[e];
      if (event) event.push(row);
      else {
        event = [row];
        events.push(event);
      }
      if (signature !== '') bySignature.set(signature, event);
    }
    return events;
  }

  private compareCopies(a: number, b: number): number {
    const segmentA = this.columns.segmentOf(a);
    const segmentB = this.columns.segmentOf(b);
    // A whole record comes before what another source tells of it, however many fields that has.
    return (
      (segmentA.flags[a - segmentA.base] & ROW_SUMMARY) - (segmentB.flags[b - segmentB.base] & ROW_SUMMARY) ||
      segmentB.richness[b - segmentB.base] - segmentA.richness[a - segmentA.base] ||
      this.proofOf(segmentB, b) - this.proofOf(segmentA, a) ||
      this.compareSources(a, b)
    );
  }

  private stateOf(row: number): number {
    const segment = this.columns.segmentOf(row);
    return segment.state[row - segment.base];
  }

  private proofOf(segment: SegmentColumns, row: number): number {
    return this.columns.files.entry(segment.blockEntry[segment.block[row - segment.base]]).proof;
  }

  private needSlots(rows: number): void {
    const size = tableSize(rows);
    if (this.slots.length >= size) return;
    const heads = this.slots;
    this.slots = new Uint32Array(size);
    const mask = size - 1;
    for (const head of heads) {
      if (head === 0) continue;
      const segment = this.columns.segmentOf(head - 1);
      const i = head - 1 - segment.base;
      const [from, to] = textSpan(segment, i);
      const uuid = segment.flags[i] & ROW_ID_UUID;
      let slot = (uuid ? hashWords(segment.idWords, i * 4) : hashBytes(segment.idTexts.bytes, from, to)) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = head;
    }
  }
}

const idKind = (flags: number): number => (flags & ROW_ID_UUID ? 0 : flags & ROW_ID_TEXT ? 1 : 2);

/** Byte span of a row's text eventID in its segment's idTexts. */
export function textSpan(segment: SegmentColumns, i: number): [from: number, to: number] {
  const index = segment.idWords[i * 4];
  if (index >= segment.idTexts.count) return [0, 0];
  return [startOf(segment.idTexts.ends, index), segment.idTexts.ends[index]];
}

function sameWords(segment: SegmentColumns, i: number, words: Uint32Array, at: number): boolean {
  if (!(segment.flags[i] & ROW_ID_UUID)) return false;
  const own = segment.idWords;
  return (
    own[i * 4] === words[at] && own[i * 4 + 1] === words[at + 1] && own[i * 4 + 2] === words[at + 2] && own[i * 4 + 3] === words[at + 3]
  );
}

function sameText(segment: SegmentColumns, i: number, bytes: Uint8Array, from: number, to: number): boolean {
  if (!(segment.flags[i] & ROW_ID_TEXT)) return false;
  const [start, end] = textSpan(segment, i);
  return sameBytes(segment.idTexts.bytes, start, end, bytes, from, to);
}
