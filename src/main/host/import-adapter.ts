/** The import as the host starts it: the job of the request, and what this installation adds to it. */
import { createImport } from './import/index.ts';
import type { StartImport } from './platform.ts';

export interface ImportSettings {
  /** Path of the built thread (`ingest-thread.js`). */
  threadFile: string;
  threads: number;
  /** Written into the ledger. */
  appVersion: string;
}

export const importStarter =
  (settings: ImportSettings): StartImport =>
  (job) =>
    createImport({ ...job, ...settings });
