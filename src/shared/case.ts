/** What a case holds besides evidence: what people typed. All of it is also in the case's journal. */
import type { CaseId, EpochMs, EventKey, ImportId, Sha256 } from './brand.ts';
import type { CredentialId } from './lineage.ts';
import type { Selection } from './plan.ts';

export interface CaseInfo {
  id: CaseId;
  name: string;
  createdAt: EpochMs;
  openedAt: EpochMs;
  /** As of the last import or change; the truth is in the case itself. */
  files: number;
  events: number;
  firstTime: EpochMs | null;
  lastTime: EpochMs | null;
}

export interface Note {
  id: string;
  /** First line of the Markdown, for lists. */
  title: string;
  /** Markdown. A citation is a link `[text](event:<EventKey, percent-encoded>)`. */
  text: string;
  createdAt: EpochMs;
  changedAt: EpochMs;
}

/** What a note's citation rests on, kept beside the notes so that the report can show it whatever happens to the case. */
export interface Citation {
  key: EventKey;
  eventID: string | null;
  /** Of the exact bytes of the record. */
  recordSha256: Sha256;
  /** Evidence file and record number it was read from. */
  path: string;
  recordNumber: number;
  citedAt: EpochMs;
}

export const REPORT_TREE_VERSION = 1;

/** A credential tree that a person put into the report: whose it is, not what is in it, which is computed whenever a report is made. */
export interface ReportTree {
  /** `tree:<CredentialId>` or `subtree:<CredentialId>`: each is in the report once. */
  id: string;
  /** REPORT_TREE_VERSION of the app that added it. */
  version: number;
  credential: CredentialId;
  /** `tree`: with its ancestors; `subtree`: it and what came of it. */
  scope: 'tree' | 'subtree';
  /** What it was called when it was added, for when the evidence holds it no more. */
  name: string;
  addedAt: EpochMs;
}

export const reportTreeId = (scope: ReportTree['scope'], credential: CredentialId): string => `${scope}:${credential}`;

export interface ImportRun {
  id: ImportId;
  startedAt: EpochMs;
  endedAt: EpochMs | null;
  /** What the person dropped or opened, as shown. */
  roots: string[];
  status: 'running' | 'done' | 'cancelled' | 'interrupted' | 'failed';
  files: number;
  records: number;
  reason: string | null;
}

/** One line of the journal file of a case. `data` is the whole new state of the thing, or null when it was removed. */
export interface JournalEntry {
  version: 1;
  at: EpochMs;
  appVersion: string;
  kind: 'case' | 'import' | 'file' | 'note' | 'star' | 'citation' | 'keys' | 'custody' | 'verification' | 'reportTree' | 'audit';
  id: string;
  data: unknown;
}

/** Layout and choices that are restored when the case is opened again. */
export interface CaseView {
  selection: Selection;
  /** Route of the last view, e.g. `events` or `principal/…`. */
  route: string;
  /** Lanes below the timeline; absent in views stored before there was a choice. */
  lanes?: LaneView;
}

/** Of which column lanes stand below the timeline, which values stay in which order, and whether the most active ones stand below them. */
export interface LaneView {
  by: string | null;
  chosen: Record<string, string[]>;
  busiest: boolean;
}
