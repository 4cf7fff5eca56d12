/** One writer per case, over all windows of the profile, by Web Locks. */
import type { CaseId } from '../../shared/brand.ts';
import type { StoreEnvironment } from './environment.ts';

export interface CaseLock {
  release(): void;
}

/** Null when another window holds the case. */
export function lockCase(env: Pick<StoreEnvironment, 'locks'>, id: CaseId): Promise<CaseLock | null> {
  return new Promise((resolve, reject) => {
    env.locks
      .request(`trailcase-case-${id}`, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(null);
          return Promise.resolve();
        }
        return new Promise<void>((release) => resolve({ release: () => release() }));
      })
      .catch(reject);
  });
}
