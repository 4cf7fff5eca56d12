/** The bytes that the case keeps, hashed again as found and unpacked, piece by piece: a file of any size takes the room of one block. */
import { sha256 as sha256OfPieces } from '@noble/hashes/sha2.js';
import type { VerifyProgress } from '../../shared/custody.ts';
import type { LedgerRow } from '../../shared/engine.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { CaseSession } from './case-session.ts';
import { sha256, type Vault } from './vault.ts';
import type { Verdict } from './verifier.ts';
import { isHolding, keepsBytes } from './withdrawal.ts';

export async function verifyStored(
  session: CaseSession,
  rows: readonly LedgerRow[],
  signal: AbortSignal,
  tell: (progress: VerifyProgress) => void,
  give: (row: LedgerRow, verdict: Verdict) => void,
): Promise<void> {
  const vault = session.freshVault();
  let bytesDone = 0;
  let filesDone = 0;
  let next = 0;
  const verdicts = new Array<Verdict>(rows.length);
  let given = 0;
  const worker = async (): Promise<void> => {
    while (next < rows.length) {
      const at = next++;
      const row = rows[at];
      const tick = (bytes: number): void => {
        bytesDone += bytes;
        tell({ place: 'case', filesDone, files: rows.length, bytesDone, reading: row.path });
        if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
      };
      tick(0);
      verdicts[at] = await verdictOf(session, vault, row, tick);
      filesDone++;
      for (; given < rows.length && verdicts[given] !== undefined; given++) give(rows[given], verdicts[given]);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** Files hashed at a time: while one is unpacked, another is read. */
const AT_A_TIME = 4;

const NOT_KEPT = 'The case keeps no bytes of it: only those of files that hold records are kept.';

async function verdictOf(session: CaseSession, vault: Vault, row: LedgerRow, tick: (bytes: number) => void): Promise<Verdict> {
  if (row.status === 'repeated') {
    const holder = row.sha256 === null ? null : session.book.holdingRow(row.sha256);
    return {
      outcome: 'notVerifiable',
      reason: holder ? 'Kept once, with another file of the same bytes, which is checked itself.' : NOT_KEPT,
    };
  }
  if (!isHolding(row.status) && !keepsBytes(row)) return { outcome: 'notVerifiable', reason: NOT_KEPT };
  const kept = { found: 0, unpacked: 0 };
  let found: Hasher;
  let unpacked: Hasher;
  try {
    const pieces = await vault.pieces(row);
    if (pieces.length === 0) return { outcome: 'notVerifiable', reason: NOT_KEPT };
    found = hasher(pieces.length);
    unpacked = hasher(pieces.length);
    for (const read of pieces) {
      const piece = await read();
      if (piece.found) {
        found.update(piece.found);
        kept.found += piece.found.byteLength;
      }
      if (piece.unpacked) {
        unpacked.update(piece.unpacked);
        kept.unpacked += piece.unpacked.byteLength;
      }
      tick(Math.max(piece.found?.byteLength ?? 0, piece.unpacked?.byteLength ?? 0));
    }
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.kind === 'cancelled' || error.kind === 'internal') throw thrown;
    return { outcome: 'changed', found: null, reason: `The stored bytes are damaged: ${error.message}` };
  }
  const status = row.withdrawal?.was.status ?? row.status;
  const part = status === 'partial' || row.sha256Unpacked === null;
  const wholeFound = kept.found === row.size;
  const wholeText = row.unpackedSize !== null && kept.unpacked === row.unpackedSize;
  if (!wholeFound && !wholeText) {
    return part
      ? { outcome: 'notVerifiable', reason: 'It was read only in part, and only that part is in the case.' }
      : { outcome: 'changed', found: null, reason: `The stored bytes are damaged: ${kept.found} of ${row.size} bytes are there.` };
  }
  const hex = { found: await found.hex(), unpacked: await unpacked.hex() };
  const wrong =
    wholeFound && hex.found !== row.sha256
      ? hex.found
      : wholeText && row.sha256Unpacked !== null && hex.unpacked !== row.sha256Unpacked
        ? hex.unpacked
        : null;
  if (wrong === null) return { outcome: 'unchanged' };
  return {
    outcome: 'changed',
    found: { sha256: wrong as LedgerRow['sha256'], size: wholeFound ? kept.found : kept.unpacked, modified: null },
    reason: `The stored bytes are damaged (${where(row)}): their SHA-256 is not that of the ledger. Save the original elsewhere, if it is still good.`,
  };
}

const where = ({ commits }: LedgerRow): string =>
  commits.length === 1 ? `commit ${commits[0]}` : `one of its ${commits.length} commits, ${commits[0]} the first`;

interface Hasher {
  update(piece: Uint8Array<ArrayBuffer>): void;
  hex(): Promise<string>;
}

/** The browser's own hash is faster and takes whole files only. */
function hasher(pieces: number): Hasher {
  if (pieces === 1) {
    let whole = new Uint8Array(0);
    const update = (piece: Uint8Array<ArrayBuffer>): void => {
      whole = piece;
    };
    return { update, hex: () => sha256(whole) };
  }
  const hash = sha256OfPieces.create();
  return { update: (piece) => void hash.update(piece), hex: async () => toHex(hash.digest()) };
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
