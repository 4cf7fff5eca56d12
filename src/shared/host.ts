/**
 * The host's routes. The page talks to its host by `fetch('/api/…')` only, in Electron and in the local server alike.
 * JSON in and out unless said otherwise. Any failure: a 4xx or 5xx with an `AppErrorShape` as JSON.
 *
 *   GET    /api/app                      AppInfo
 *   POST   /api/session                  {token} → {bearer}                     local server only, before anything else
 *   POST   /api/open                     {what:'files'|'folder'} → {grants}     native dialog; not-supported on the local server
 *   GET    /api/arguments                → {grants}                             paths from the command line or the system, each given once
 *   POST   /api/sample                   → {grants}                             the sample trail that comes with the app
 *   POST   /api/paste                    text → {grants}                        a record or file pasted as text
 *   POST   /api/upload                   → {upload}                             begin sending dropped files (no paths in a browser)
 *   PUT    /api/upload/:upload           packed pieces (see UploadPiece)
 *   POST   /api/upload/:upload/finish    → {grants}
 *   POST   /api/import                   ImportRequest → stream of frames (frame.ts, ImportFrame)
 *   POST   /api/import/:import/cancel
 *   POST   /api/import/:import/pause     {reason}                               a sentence for the progress; cancel works meanwhile
 *   POST   /api/import/:import/resume
 *   POST   /api/unpack?packing=&limit=   packed bytes → unpacked bytes (one Block; Packing of commit.ts)
 *   GET    /api/disk                     → {freeBytes} of the disk the profile is on
 *   GET    /api/journals                 → {cases:[{caseId, entries, bytes, changedAt}]}
 *   GET    /api/journal/:case            → NDJSON of JournalEntry
 *   POST   /api/journal/:case            NDJSON of JournalEntry, appended and synced
 *   DELETE /api/journal/:case            moved to the system's or the profile's trash
 *   POST   /api/journal/:case/originals  → {grants, missing:string[], lost}     the roots its imports named, as far as they exist; LostRoot[]
 *   POST   /api/verify                   VerifyRequest → stream of frames       as an import: ledger rows, no records; ends when the reader cancels
 *   POST   /api/save                     {suggestedName, mimeType} → {save} | {cancelled:true}   dialog in Electron
 *   PUT    /api/save/:save               bytes, appended
 *   POST   /api/save/:save/finish        → SaveResult
 *   DELETE /api/save/:save               give up; nothing is left behind
 *   GET    /api/download/:token          the saved bytes once, as an attachment (local server)
 *   POST   /api/pdf                      a self-contained HTML document → application/pdf
 *   GET    /api/batch                    → BatchJob                             not-found unless started by `npm run batch`
 *   POST   /api/batch/progress           {line}
 *   POST   /api/batch/output             ?what=summary|report  body → written to the file asked for (or stdout)
 *   POST   /api/batch/end                {ok, message?}                         ends the process with 0 or 1
 */

import type { CaseId, EpochMs, GrantId, ImportId, Sha256 } from './brand.ts';
import type { AppErrorShape } from './errors.ts';

export type HostKind = 'electron' | 'web';

/** The local server is opened at `/#token=<launch token>`: the page takes it from there, clears the fragment, and posts it to /api/session. */
export const LAUNCH_FRAGMENT = 'token=';

export interface AppInfo {
  version: string;
  host: HostKind;
  platform: 'darwin' | 'win32' | 'linux' | string;
  /** Ingest threads the host runs. */
  threads: number;
  /** Versions of what matters for a report: electron, chrome, node. */
  versions: Record<string, string>;
  /** True when the page was started by `npm run batch`. */
  batch: boolean;
}

/** A right to read a file or folder; `label` is what to show. */
export interface Grant {
  id: GrantId;
  label: string;
  kind: 'file' | 'folder' | 'pasted' | 'uploaded';
}

export interface ImportRequest {
  importId: ImportId;
  caseId: CaseId;
  grants: GrantId[];
  /** SHA-256 (as found) of files that the case holds already: they are hashed, noted as repeated, and not read again. */
  known: Sha256[];
}

/** Files are read and hashed as an import does; frames carry their ledger rows and nothing else. */
export interface VerifyRequest {
  caseId: CaseId;
  grants: GrantId[];
  /** As in ImportRequest: files that are unchanged are hashed and not parsed. */
  known: Sha256[];
  /** Only files of these display paths, or all. They choose among what the grants lead to, and open nothing by themselves. */
  paths: string[] | null;
}

/** What an import was begun with that leads nowhere (any more). */
export interface LostRoot {
  importId: ImportId;
  label: string;
  /** Null: it never had a path (dropped on a browser, or pasted). */
  path: string | null;
}

/**
 * Body of PUT /api/upload/:upload: any number of pieces one after another, each: u32 LE header bytes, JSON UploadPiece header,
 * then `length` bytes. A file is one or more pieces in order of `offset`; about 16 MB of pieces a request.
 */
export interface UploadPiece {
  /** Path as the browser knows it (webkitRelativePath or the entry's fullPath); shown, never used on disk. */
  path: string;
  modified: EpochMs | null;
  size: number;
  offset: number;
  length: number;
  /** Why the browser could not give the file, or the rest of it: then it gets a ledger row that says so, and `length` is 0. */
  refused?: string;
}

export type SaveResult = { label: string; download: null } | { label: string; download: string };

export interface BatchJob {
  grants: Grant[];
  summary: boolean;
  report: 'html' | 'pdf' | 'md' | null;
  /** The text of the file given by --keys. */
  keys: { label: string; text: string } | null;
}

export const API_ERROR_STATUS: Record<AppErrorShape['kind'], number> = {
  'bad-input': 400,
  'not-found': 404,
  'not-supported': 501,
  forbidden: 403,
  busy: 409,
  'too-new': 409,
  'too-large': 413,
  storage: 507,
  cancelled: 409,
  superseded: 409,
  internal: 500,
};

/** What the preload of the Electron mount puts on `window.trailcase`; absent in a browser. Nothing else is exposed. */
export interface TrailcasePreload {
  /** Resolves dropped or chosen Files to grants in the main process; Files without a path on disk are left out. */
  grantFiles(files: File[]): Promise<Grant[]>;
  /** Commands of the application menu and of the system (open-file); returns a function that unsubscribes. */
  onCommand(listener: (command: AppCommand) => void): () => void;
}

export type AppCommand =
  | {
      command:
        | 'open-files'
        | 'open-folder'
        | 'paste'
        | 'new-case'
        | 'cases'
        | 'export-report'
        | 'find'
        | 'toggle-utc'
        | 'toggle-theme'
        | 'help';
    }
  /** Paths came from the system: fetch /api/arguments. */
  | { command: 'arguments' };
