/** The signature of a digest: what is signed, and whether it holds. RSA PKCS#1 v1.5 with SHA-256. */
import type { Digest } from './digest.ts';
import { fromHex } from './encoding.ts';
import type { VerifyKey } from './keys.ts';

/** As CloudTrail signs it: end time, place, hash of the unpacked digest, and the signature of the one before, or `null`. */
export const stringToSign = (digest: Digest, hash: string): string =>
  `${digest.endText}\n${digest.bucket}/${digest.object}\n${hash}\n${digest.previous?.signature ?? 'null'}`;

/** `hash`: lower-case hex SHA-256 of the unpacked digest. */
export async function signatureHolds(key: VerifyKey, signature: string, digest: Digest, hash: string): Promise<boolean> {
  const bytes = fromHex(signature);
  if (!bytes) return false;
  try {
    return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, bytes, new TextEncoder().encode(stringToSign(digest, hash)));
  } catch {
    return false;
  }
}
