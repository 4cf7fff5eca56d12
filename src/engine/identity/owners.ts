/**
 * Whose a key ID is. AWS gives a key ID to one principal only: one user or root, or one session, whose name is part of its principal
 * ID. Records that name one key ID for several principals contradict that: each principal's uses are a credential of their own then.
 * What a record leaves out contradicts nothing: a principal ID without the session's name, or no principal ID at all.
 */
import type { Dictionary } from '../columns/dictionary.ts';

/** Uses of one key by one principal, as far as a record says who; codes of the open case's dictionaries, 0 is not said. */
interface Owner {
  key: number;
  /** Code of the principal ID; 0 where it is absent or masked. */
  principalId: number;
  identity: number;
  /** Provisional number of the credential. */
  n: number;
}

interface Dictionaries {
  principalId: Pick<Dictionary, 'get'>;
  identity: Pick<Dictionary, 'get'>;
}

/** Codes of one dictionary are below this; a key and its owner are two of them. */
const CODES = 2 ** 26;

export class KeyOwners {
  /** By key: who is named first. */
  private readonly first: (Owner | undefined)[] = [];
  private readonly others = new Map<number, Owner[]>();
  private readonly known = new Map<number, number>();

  /** The credential of a use; `next` gives the number of a new one. */
  numberOf(key: number, principalId: number, identity: number, next: () => number): number {
    const first = this.first[key];
    if (first === undefined) {
      const n = next();
      this.first[key] = { key, principalId, identity, n };
      return n;
    }
    if (first.principalId === principalId && (principalId !== 0 || first.identity === identity)) return first.n;
    const owner = key * CODES + (principalId !== 0 ? principalId * 2 : identity * 2 + 1);
    let n = this.known.get(owner);
    if (n === undefined) {
      n = next();
      this.known.set(owner, n);
      const more = this.others.get(key);
      if (more) more.push({ key, principalId, identity, n });
      else this.others.set(key, [{ key, principalId, identity, n }]);
    }
    return n;
  }

  /** Number → the number of the same owner that is to be used instead; and, by key, who is left where several are. */
  settle(dictionaries: Dictionaries): { same: Map<number, number>; contested: Map<number, number[]> } {
    const same = new Map<number, number>();
    const contested = new Map<number, number[]>();
    for (const [key, more] of this.others) {
      const first = this.first[key];
      const owners = first === undefined ? more : [first, ...more];
      const whole = wholeNames(owners, dictionaries);
      const left = owners.filter((owner) => {
        const other = whole(owner);
        if (other !== null) same.set(owner.n, other.n);
        return other === null;
      });
      if (left.length > 1)
        contested.set(
          key,
          left.map((owner) => owner.n),
        );
    }
    return { same, contested };
  }

  /** By key: its credential, or the first of them. */
  *keys(): Iterable<[key: number, n: number]> {
    for (const owner of this.first) if (owner !== undefined) yield [owner.key, owner.n];
  }
}

/** Of owners of one key: to the incomplete name of one the owner that it can only be; null for who is none. */
function wholeNames(owners: readonly Owner[], { principalId, identity }: Dictionaries): (owner: Owner) => Owner | null {
  const ids = new Map(owners.map((owner) => [owner, principalId.get(owner.principalId) || null]));
  /** By a role's ID. Null for several. */
  const sessions = new Map<string, Owner | null>();
  for (const [owner, id] of ids) {
    const role = id?.startsWith('AROA') && id.includes(':') ? id.slice(0, id.indexOf(':')) : null;
    if (role !== null) sessions.set(role, sessions.has(role) ? null : owner);
  }
  const isRole = (id: string): boolean => id.startsWith('AROA') && !id.includes(':');
  const named = owners.filter((owner) => ids.get(owner) !== null);
  const whole = only(named.filter((owner) => !isRole(ids.get(owner) ?? ''))) ?? only(named);
  const arnOf = (owner: Owner): string | null => {
    const text = identity.get(owner.identity);
    return text?.startsWith('arn:') ? text : null;
  };
  const arn = only(owners.filter((owner) => arnOf(owner) !== null));
  return (owner) => {
    const id = ids.get(owner) ?? null;
    if (id !== null) return isRole(id) ? (sessions.get(id) ?? null) : null;
    const own = arnOf(owner);
    if (whole !== null) return own !== null && arnOf(whole) !== null && own !== arnOf(whole) ? null : whole;
    return named.length > 0 || own !== null ? null : arn;
  };
}

const only = (list: readonly Owner[]): Owner | null => (list.length === 1 ? list[0] : null);
