/** Room for evidence: the browser's quota and the free disk, before and during an import. */
import type { StorageState } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { StoreEnvironment } from './environment.ts';
import type { HostCalls } from './host-calls.ts';

/** Below this much room an import pauses: Chromium can reset a whole IndexedDB on a full disk. Bytes. */
export const FLOOR_BYTES = 512 * 1024 * 1024;
/**
 * Stored bytes for each byte of evidence as found: what it takes at the very least (plain JSON; gzip takes ten times that), as
 * long as this import has not shown its own ratio.
 */
const LEAST_RATIO = 0.15;
/** After this many bytes of evidence the import's own ratio is known. */
const RATIO_KNOWN_AFTER = 32 * 1024 * 1024;

export const ratioKnown = (alreadyRead: number): boolean => alreadyRead >= RATIO_KNOWN_AFTER;

export async function storageState(env: Pick<StoreEnvironment, 'storage'>, host: HostCalls): Promise<StorageState> {
  const [estimate, persisted, diskFreeBytes] = await Promise.all([
    env.storage.estimate(),
    env.storage.persisted(),
    host.freeDisk().catch(() => null),
  ]);
  return { usedBytes: estimate.usage ?? 0, quotaBytes: estimate.quota ?? 0, persisted, diskFreeBytes };
}

/** Bytes that may still be written: what the quota and the disk both allow. */
export function room(state: StorageState): number {
  const quota = Math.max(0, state.quotaBytes - state.usedBytes);
  return state.diskFreeBytes === null ? quota : Math.min(quota, state.diskFreeBytes);
}

/** A sentence when the import should wait for room, else null. */
export function pauseReason(state: StorageState): string | null {
  const left = room(state);
  if (left >= FLOOR_BYTES) return null;
  return `Paused: only ${megabytes(left)} are free, and Trailcase stops at ${megabytes(FLOOR_BYTES)} to protect the case. Free some disk space and the import goes on by itself; or cancel it, what is in stays in.`;
}

/** Stored bytes this import will still need. All in bytes. */
export function expectedNeed(toRead: number, alreadyRead: number, alreadyStored: number): number {
  const ratio = ratioKnown(alreadyRead) ? alreadyStored / alreadyRead : LEAST_RATIO;
  return Math.ceil(toRead * ratio);
}

/** Throws 'storage' with the numbers when what is left to import will not fit. */
export function mustFit(need: number, state: StorageState): void {
  const left = room(state);
  if (need + FLOOR_BYTES <= left) return;
  throw new AppError(
    'storage',
    `This import needs about ${megabytes(need)} more, but only ${megabytes(left)} are free and ${megabytes(FLOOR_BYTES)} are kept in reserve. Free some disk space, or import a part of the evidence.`,
  );
}

export function megabytes(bytes: number): string {
  const mb = bytes / 1e6;
  return mb >= 1000 ? `${(mb / 1000).toFixed(1)} GB` : `${Math.round(mb)} MB`;
}
