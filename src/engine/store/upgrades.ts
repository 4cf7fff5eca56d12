/** Steps from one version of the stored shapes to the next (docs/formats.md). A step may run once only: it is in one transaction with the new version number. */
import type { CaseDatabase, CatalogueDatabase } from './databases.ts';

export interface Upgrade<D> {
  /** Brings shape version `from` to `from + 1`. */
  from: number;
  run(db: D): Promise<void>;
}

/** Version 1 is the first. */
export const CASE_UPGRADES: readonly Upgrade<CaseDatabase>[] = [];
export const CATALOGUE_UPGRADES: readonly Upgrade<CatalogueDatabase>[] = [];
