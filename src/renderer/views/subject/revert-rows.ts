/** What tells rows of the revert list apart that would look the same: calls of one name on things of one name. */
import type { RevertEntry } from '../../../shared/behaviour.ts';

export interface Apart {
  /** Other names of the entry's thing that not all of its likes have, as recorded. */
  names: string[];
  region: string | null;
  account: string | null;
}

const NAMES_SHOWN = 2;

/** Whether both name one thing: an ARN that ends with the name, with six letters that Secrets Manager adds or without. */
function sameThing(one: string, other: string): boolean {
  const [name, arn] = one.length < other.length ? [one, other] : [other, one];
  if (one === other) return true;
  if (name === '' || !arn.startsWith('arn:')) return false;
  const at = arn.lastIndexOf(name);
  const before = arn.slice(at - 1, at);
  return at > 0 && (before === ':' || before === '/' || name.startsWith('/')) && /^(?:-[A-Za-z0-9]{6})?$/.test(arn.slice(at + name.length));
}

/** What else the entry is about, beside the thing that is shown: the policy of a user, the group of a member. */
export const beside = ({ about, resource: thing, issuedKey }: RevertEntry): string[] =>
  about
    .map(({ resource }) => resource)
    .filter((resource) => [thing, issuedKey].every((shown) => shown === null || !sameThing(shown, resource)))
    .slice(0, NAMES_SHOWN);

/** By entry; entries without a like are not in it. */
export function apartOf(entries: readonly RevertEntry[]): Map<RevertEntry, Apart> {
  const likes = new Map<string, RevertEntry[]>();
  for (const e of entries) {
    const look = JSON.stringify([e.eventName, e.issuedKey ?? e.resource, e.sharedWith]);
    likes.set(look, [...(likes.get(look) ?? []), e]);
  }
  const found = new Map<RevertEntry, Apart>();
  for (const group of likes.values()) {
    if (group.length === 1) continue;
    const several = (of: (entry: RevertEntry) => string | null): boolean => new Set(group.map(of)).size > 1;
    const byRegion = several((e) => e.region);
    const byAccount = several((e) => e.account);
    const have = new Map<string, number>();
    for (const e of group) for (const { name } of e.about) have.set(name, (have.get(name) ?? 0) + 1);
    for (const e of group)
      found.set(e, {
        names: e.about
          .filter(({ name, resource }) => resource !== e.resource && have.get(name) !== group.length)
          .slice(0, NAMES_SHOWN)
          .map(({ resource }) => resource),
        region: byRegion ? e.region : null,
        account: byAccount ? e.account : null,
      });
  }
  return found;
}
