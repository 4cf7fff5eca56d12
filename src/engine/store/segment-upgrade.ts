/**
 * Columns that came later, for evidence that was imported earlier: a segment of an older version is made anew from the case's own
 * originals, commit by commit, each in one transaction, so that a kill leaves every segment either old or new.
 */

import {
  COLUMNS_SINCE,
  ROW_INSIGHT,
  ROW_SUMMARY,
  ROW_TIME_UNREADABLE,
  type Segment,
  type SegmentLayout,
  viewCodes,
  viewF64,
  viewU32,
} from '../../shared/segment.ts';
import { unwrapText } from '../../shared/unwrap.ts';
import { SegmentBuilder } from '../ingest/builder.ts';
import { emptyView, text } from '../ingest/extract.ts';
import { viewRecord } from '../ingest/record.ts';
import { ResourceCollector } from '../ingest/resources.ts';
import type { CaseDatabase } from './databases.ts';
import type { CommitSeq, StoredCommit } from './shapes.ts';

/** The unpacked bytes of a commit's block. */
export type ReadBlock = (commit: StoredCommit, block: number) => Promise<Uint8Array>;

export interface SegmentUpgrade {
  renewed: number;
  /** Commits whose originals could not be read: their later columns stay absent. */
  left: number;
}

/** Makes those of `commits` anew that lack columns, in the database and in the map. */
export async function upgradeSegments(
  db: CaseDatabase,
  commits: Map<CommitSeq, StoredCommit>,
  readBlock: ReadBlock,
): Promise<SegmentUpgrade> {
  const result: SegmentUpgrade = { renewed: 0, left: 0 };
  for (const [seq, commit] of commits) {
    if (!commit.segment || commit.segment.version >= COLUMNS_SINCE) continue;
    const stored = await db.segments.get(seq);
    const segment = stored ? await renewedSegment(commit, commit.segment, stored.buffer, readBlock) : null;
    if (!segment) {
      result.left++;
      continue;
    }
    const renewed: StoredCommit = { ...commit, segment: segment.layout, segmentBytes: segment.buffer.byteLength };
    // The remap speaks of the old segment's dictionaries.
    await db.transaction('rw', [db.segments, db.commits, db.remaps], () =>
      Promise.all([db.segments.put({ seq, buffer: segment.buffer }), db.commits.put(renewed), db.remaps.delete(seq)]),
    );
    commits.set(seq, renewed);
    result.renewed++;
  }
  return result;
}

/** Null when an original cannot be read, or does not hold what the segment says. */
async function renewedSegment(
  commit: StoredCommit,
  old: SegmentLayout,
  buffer: ArrayBuffer,
  readBlock: ReadBlock,
): Promise<Segment | null> {
  const time = viewF64(buffer, old.time);
  const flags = viewCodes(buffer, old.flags);
  const richness = viewCodes(buffer, old.richness);
  const textHash = viewU32(buffer, old.textHash);
  const block = viewCodes(buffer, old.block);
  const textOffset = viewCodes(buffer, old.textOffset);
  const textLength = viewCodes(buffer, old.textLength);
  const recordNumber = viewCodes(buffer, old.recordNumber);
  const builder = new SegmentBuilder();
  const resources = new ResourceCollector();
  const decoder = new TextDecoder();
  const view = emptyView();
  let bytes = new Uint8Array(0) as Uint8Array;
  for (let i = 0; i < old.rows; i++) {
    if (i === 0 || block[i] !== block[i - 1]) {
      const read = await readBlock(commit, block[i]).catch(() => null);
      if (read === null) return null;
      bytes = read;
    }
    const found = decoder.decode(bytes.subarray(textOffset[i], textOffset[i] + textLength[i]));
    const inside = unwrapText(found, commit.blocks[block[i]]?.csvHeader ?? null);
    if (inside?.is !== 'record') return null;
    const { record } = inside;
    viewRecord(record, view);
    view.summary = inside.summary;
    builder.add(view, resources.collect(record), text(record.eventID), {
      time: time[i],
      flags: flags[i] & (ROW_INSIGHT | ROW_TIME_UNREADABLE | ROW_SUMMARY),
      block: block[i],
      textOffset: textOffset[i],
      textLength: textLength[i],
      hashHigh: textHash[i * 2],
      hashLow: textHash[i * 2 + 1],
      recordNumber: recordNumber[i],
      richness: richness[i],
    });
  }
  return builder.finish();
}
