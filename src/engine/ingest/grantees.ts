/** With whom a snapshot, an image or a document is shared by a call, and with whom no longer. */
import { isObject } from './record.ts';

/** Before one that a call takes the share away from; without it the share was given. */
export const REMOVED = 'remove:';

export const SHARING: ReadonlySet<string> = new Set([
  'ModifySnapshotAttribute',
  'ModifyImageAttribute',
  'ModifyDBSnapshotAttribute',
  'ModifyDBClusterSnapshotAttribute',
  'ModifyDocumentPermission',
]);

const PERMISSIONS = ['createVolumePermission', 'launchPermission'];
const GRANTEES = ['userId', 'group', 'organizationArn', 'organizationalUnitArn'];
const MAX_ITEMS = 64;

/**
 * Accounts, organisations and 'all', of `createVolumePermission.add.items[].userId` and the like in EC2, of `valuesToAdd` in RDS, of
 * `accountIdsToAdd` in Systems Manager; those of `remove` behind the mark.
 */
export function granteesOf(request: unknown): string[] {
  if (!isObject(request)) return [];
  const found: string[] = [];
  const take = (mark: string, who: unknown): void => {
    if (typeof who === 'string' && who !== '') found.push(mark + who);
  };
  const each = (list: unknown, visit: (item: unknown) => void): void => {
    if (Array.isArray(list)) for (let i = 0; i < list.length && i < MAX_ITEMS; i++) visit(list[i]);
  };
  for (const key of PERMISSIONS) {
    const permission = request[key];
    if (!isObject(permission)) continue;
    for (const side of ['add', 'remove']) {
      const change = permission[side];
      if (!isObject(change)) continue;
      each(change.items, (item) => {
        if (isObject(item)) for (const who of GRANTEES) take(side === 'add' ? '' : REMOVED, item[who]);
      });
    }
  }
  for (const key of ['valuesToAdd', 'accountIdsToAdd']) each(request[key], (who) => take('', who));
  for (const key of ['valuesToRemove', 'accountIdsToRemove']) each(request[key], (who) => take(REMOVED, who));
  return found;
}
