/** Apart from the engine's contracts, so that what only names a record needs none of them. */
import type { CommitId } from './brand.ts';

/** Where the exact bytes of a record lie. */
export interface RecordRef {
  commitId: CommitId;
  block: number;
  textOffset: number;
  textLength: number;
}
