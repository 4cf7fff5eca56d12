/** Denials that became a success: which of them look like a permission gained, and which are routine. */
import table from '../../../assets/data-access.json' with { type: 'json' };
import type { SentencePart, Statement } from '../../shared/behaviour.ts';
import type { EventKey } from '../../shared/brand.ts';
import { plainName, readsByName } from './call-names.ts';
import type { EventRows } from './event-rows.ts';
import type { Use } from './permissions.ts';
import { count, DAY_MS, oneOf, type Scene, statement, time, VALUES_LISTED, value, within } from './scene.ts';

/** Services whose calls decide who may do what, reading ones too. */
const SECURITY = new Set([
  'iam.amazonaws.com',
  'sts.amazonaws.com',
  'organizations.amazonaws.com',
  'sso.amazonaws.com',
  'kms.amazonaws.com',
]);
const SECRETS = new Set(table.secrets.flatMap(({ source, names }) => names.map((name) => `${source} ${name}`)));

export function sameResource(rows: EventRows, a: number, b: number): 'yes' | 'no' | 'unknown' {
  const { start, codes } = rows.resources();
  const first = codes.subarray(start[a], start[a + 1]);
  const second = codes.subarray(start[b], start[b + 1]);
  if (first.length === 0 || second.length === 0) return 'unknown';
  return first.some((resource) => second.includes(resource)) ? 'yes' : 'no';
}

/** It had not succeeded once before the denial. */
const gained = (use: Use): boolean => use.firstSucceeded === use.succeededThen;

/** A first success of a call that writes or that security hangs on, within 24 hours of its denial or with the denial in the window. */
function isTelling({ rows, from }: Scene, use: Use): boolean {
  const close = use.deniedThen >= from || rows.time[use.succeededThen] - rows.time[use.deniedThen] <= DAY_MS;
  return gained(use) && close && isWeighty(rows, use.succeededThen);
}

function isWeighty(rows: EventRows, k: number): boolean {
  const source = rows.text('eventSource', k) ?? '';
  const name = rows.text('eventName', k) ?? '';
  const readOnly = rows.text('readOnly', k);
  const writes = readOnly === null ? !readsByName(name) : readOnly !== 'true';
  return writes || SECURITY.has(source) || SECRETS.has(`${source} ${plainName(name)}`) || table.objectReads.includes(name);
}

export function afterDenial(scene: Scene, uses: readonly Use[]): Statement[] {
  const found = uses
    .filter((use) => use.succeededThen >= 0)
    .sort((a, b) => Number(gained(b)) - Number(gained(a)) || a.succeededThen - b.succeededThen);
  const telling = found.filter((use) => isTelling(scene, use));
  const rest = found.filter((use) => !isTelling(scene, use));
  return [...(telling.length > 0 ? [said(scene, telling, 'notable')] : []), ...(rest.length > 0 ? [said(scene, rest, 'plain')] : [])];
}

function said(scene: Scene, found: readonly Use[], weight: 'notable' | 'plain'): Statement {
  const { rows, from } = scene;
  const names = found.map((use) => rows.text('eventName', use.first) ?? '');
  const inWindow = found.reduce((sum, use) => sum + use.denied, 0);
  const before = found.reduce((sum, use) => sum + use.deniedBefore, 0);
  return statement({
    kind: 'deniedThenSucceeded',
    section: 'permissions',
    weight,
    parts: [
      count(found.length, 'action', 'actions'),
      weight === 'notable' ? ' succeeded for the first time after being denied: ' : ' succeeded after being denied: ',
      ...names.slice(0, 3).flatMap((name, i) => [i > 0 ? ', ' : '', value(name, 'eventName')]),
      found.length > 3 ? ` and ${found.length - 3} more. ` : '. ',
      ...whereDenied(scene, found, inWindow, before),
    ],
    counts: { actions: found.length, firstSuccess: found.filter(gained).length, deniedInWindow: inWindow, deniedBefore: before },
    values: found.slice(0, VALUES_LISTED).map((use, i) => ({
      value: names[i],
      column: 'eventName',
      events: use.succeeded,
      first: rows.timeOf(use.succeededThen),
      firstKey: rows.key(use.succeededThen),
      note: [
        rows.text('eventSource', use.first) ?? '?',
        `${use.denied} denied in the window, ${use.deniedBefore} before it`,
        SAME[sameResource(rows, use.deniedThen, use.succeededThen)],
        ...(gained(use) ? ['never succeeded before'] : []),
      ].join('; '),
    })),
    total: found.length,
    cited: found.slice(0, 10).flatMap((use): EventKey[] => [rows.key(use.deniedThen), rows.key(use.succeededThen)]),
    opens: {
      // The denial may lie before the window.
      time: { from: found.some((use) => use.deniedThen < from) ? null : scene.window.from, to: scene.window.to },
      filters: within(scene, oneOf('eventName', names), oneOf('outcome', ['denied', 'success'])).filters,
    },
  });
}

/** Where the denials lie; the day of the last one before the window. */
function whereDenied({ rows, from }: Scene, found: readonly Use[], inWindow: number, before: number): SentencePart[] {
  if (before === 0) return ['The ', count(inWindow, 'denial lies', 'denials lie'), ' in the window.'];
  const earlier = found.map((use) => use.deniedThen).filter((k) => k < from);
  const last: SentencePart[] = earlier.length > 0 ? [', the last before a success at ', time(rows.time[Math.max(...earlier)])] : [];
  return inWindow === 0
    ? ['The ', count(before, 'denial lies', 'denials lie'), ' before the window', ...last, '.']
    : ['Of the denials ', count(inWindow, 'lies', 'lie'), ' in the window and ', count(before, 'lies', 'lie'), ' before it', ...last, '.'];
}

const SAME = { yes: 'on the same resource', no: 'on another resource', unknown: 'which resource is not recorded' };
