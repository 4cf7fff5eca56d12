/**
 * What differs between the two mounts, as seen by the host function: where things lie, and the few things only a desktop shell
 * or a browser can do. Everything else behind the routes is the same code.
 */
import type { CaseId, ImportId, Sha256 } from '../../shared/brand.ts';
import type { HostKind } from '../../shared/host.ts';

/** Something to be imported: a file or folder on disk, and the path to show for it (the page and the ledger see only this one). */
export interface ImportSource {
  /** Absolute path on disk. */
  path: string;
  /** Shown instead of `path`; what lies inside a folder or container is shown below it. */
  shown: string;
  /** When the disk does not know it (a dropped file in the spool): last change in EpochMs; null = unknown. Absent: ask the disk. */
  modified?: number | null;
  /** It could not be had, and why: it only gets a ledger row. */
  refused?: string;
}

export interface ImportJob {
  importId: ImportId;
  caseId: CaseId;
  sources: ImportSource[];
  /** SHA-256 (as found) of files that the case holds already. */
  known: Sha256[];
  /** An existing folder of the profile for temporary files; it is emptied at every start. */
  spoolDir: string;
}

export interface RunningImport {
  /** Bytes of `ImportFrame`s (frame.ts). Cancelling the stream cancels the import at once. */
  stream: ReadableStream<Uint8Array>;
  /** Ends the import after what is being read; the stream then still gives its `done` frame. */
  cancel(): void;
  /** Stops reading, with a sentence for the progress frames that says why; null: goes on. Nothing that was read is lost either way. */
  pause(reason: string | null): void;
}

export type StartImport = (job: ImportJob) => RunningImport;

/** The far side of `npm run batch`. */
export interface BatchControl {
  /** Absolute paths. */
  paths: string[];
  report: 'html' | 'pdf' | 'md' | null;
  /** The text of the file given by --keys. */
  keys: { label: string; text: string } | null;
  /** A request or a chunk of an import passed: the page is alive. */
  touch(): void;
  progress(line: string): void;
  output(what: 'summary' | 'report', body: ReadableStream<Uint8Array> | null): Promise<void>;
  end(ok: boolean, message: string | null): void;
}

export interface Platform {
  kind: HostKind;
  version: string;
  /** Of electron, chrome, node: for the report. */
  versions: Record<string, string>;
  /** Ingest threads. */
  threads: number;
  /** Everything kept outside the browser's storage lies below this folder. */
  profileDir: string;
  /** The built page. */
  staticDir: string;
  assetsDir: string;
  startImport: StartImport;
  /** Absolute paths chosen, empty when cancelled. Null: this mount has no dialog. */
  openDialog: ((what: 'files' | 'folder') => Promise<string[]>) | null;
  /** Absolute path chosen, null when cancelled. Null: what is saved is downloaded. */
  saveDialog: ((suggestedName: string) => Promise<string | null>) | null;
  /** Throws AppError 'not-supported' when there is nothing to print with. */
  printPdf(html: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** The system's trash; null or a rejection: the profile's own trash folder is used. */
  trash: ((path: string) => Promise<void>) | null;
  batch: BatchControl | null;
}
