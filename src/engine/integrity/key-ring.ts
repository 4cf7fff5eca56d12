/** The public keys at hand, by fingerprint. A key that the person gave goes before one that lay among the evidence. */
import type { GivenKeys, IntegrityKey, KeySource, PublicKey } from '../../shared/integrity.ts';
import { importKey, type KeyList, type VerifyKey } from './keys.ts';

interface Held {
  key: PublicKey;
  shown: IntegrityKey;
  imported: VerifyKey | null;
}

/** CloudTrail signs a digest within two hours after the time it covers. */
const SIGNING_MS = 2 * 3_600_000;

export class KeyRing {
  /** Keys of one fingerprint; several when their windows differ. */
  private readonly held = new Map<string, Held[]>();
  readonly refused: string[] = [];

  static async of(given: readonly GivenKeys[], files: readonly { path: string; list: KeyList }[]): Promise<KeyRing> {
    const ring = new KeyRing();
    for (const set of given) {
      for (const key of set.keys) await ring.add(key, 'given', set.label);
      ring.refused.push(...set.refused.map((reason) => `${set.label}: ${reason}`));
    }
    for (const { path, list } of files) {
      for (const key of list.keys) await ring.add(key, 'evidence', path);
      ring.refused.push(...list.refused.map((reason) => `${path}: ${reason}`));
    }
    return ring;
  }

  get empty(): boolean {
    return this.held.size === 0;
  }

  shown(): IntegrityKey[] {
    return [...this.held.values()].flatMap((list) => list.map((held) => held.shown));
  }

  private async add(key: PublicKey, source: KeySource, from: string): Promise<void> {
    const list = this.held.get(key.fingerprint) ?? [];
    const same = list.some((h) => h.key.value === key.value && h.key.validFrom === key.validFrom && h.key.validTo === key.validTo);
    // What came with the evidence may not widen the window of a key that was given.
    if (same || (source === 'evidence' && list.some((h) => h.shown.source === 'given'))) return;
    const imported = await importKey(key);
    if (!imported) this.refused.push(`${from}: the key ${key.fingerprint} could not be loaded.`);
    const { fingerprint, validFrom, validTo } = key;
    list.push({ key, imported, shown: { fingerprint, source, from, validFrom, validTo, verified: 0 } });
    this.held.set(key.fingerprint, list);
  }

  /** Keys of a fingerprint that could be loaded. */
  find(fingerprint: string): { crypto: VerifyKey; shown: IntegrityKey }[] {
    return (this.held.get(fingerprint) ?? []).flatMap(({ imported, shown }) => (imported ? [{ crypto: imported, shown }] : []));
  }
}

/** Whether the key was valid when a digest that ends at `at` was signed (or at `generated`, where that is known). */
export function validAt(key: IntegrityKey, at: number, generated: number | null): boolean {
  const from = generated ?? at;
  const to = (generated ?? at) + SIGNING_MS;
  return (key.validFrom === null || key.validFrom <= to) && (key.validTo === null || key.validTo >= from);
}
