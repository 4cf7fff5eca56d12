/** Denials that became a success: which of them look like a permission gained, and which are routine. */
import table from '../../../assets/data-access.json' with { type: 'json' };
import reverting from '../../../assets/revert-pairs.json' with { type: 'json' };
import type { ActionUse, SentencePart, Statement } from '../../shared/behaviour.ts';
import type { EventKey } from '../../shared/brand.ts';
import { plainName, readsByName } from './call-names.ts';
import type { EventRows } from './event-rows.ts';
import { lastPart } from './last-parts.ts';
import type { Use } from './permissions.ts';
import { count, DAY_MS, oneOf, type Scene, statement, THIN_EVENTS, time, VALUES_LISTED, value, within } from './scene.ts';

/** Services whose calls decide who may do what, reading ones too. */
const SECURITY = new Set([
  'iam.amazonaws.com',
  'sts.amazonaws.com',
  'organizations.amazonaws.com',
  'sso.amazonaws.com',
  'kms.amazonaws.com',
]);
const ON_OBJECTS = new Set([...table.objectReads, ...reverting.objects]);
const SHARED_LISTED = 5;
const SECRETS = new Set(table.secrets.flatMap(({ source, names }) => names.map((name) => `${source} ${name}`)));

type Same = Pick<NonNullable<ActionUse['deniedThenSucceeded']>, 'sameResource' | 'shared'>;

/** Whether the call at b names again all that the one at a named; an ARN and a plain name of one thing agree. */
export function sameResource(rows: EventRows, a: number, b: number): Same {
  const first = [...new Set(rows.resourcesOf(a).map(lastPart))];
  const second = new Set(rows.resourcesOf(b).map(lastPart));
  if (first.length === 0 || second.size === 0) return { sameResource: 'unknown', shared: [] };
  const shared = first.filter((name) => second.has(name));
  const all = shared.length === first.length && !namesBucketOnly(rows, a);
  const sameResource = all ? 'yes' : shared.length > 0 ? 'partly' : 'no';
  return { sameResource, shared: shared.slice(0, SHARED_LISTED) };
}

/** Of a refused call on an object CloudTrail lists no resources: the columns hold the bucket alone. */
function namesBucketOnly(rows: EventRows, k: number): boolean {
  if (rows.text('eventSource', k) !== 's3.amazonaws.com' || !ON_OBJECTS.has(rows.text('eventName', k) ?? '')) return false;
  return !rows.resourcesOf(k).some((text) => /^arn:[^:]{1,32}:s3:::[^/]{1,255}\/./.test(text));
}

/**
 * A first success of a call that writes or that security hangs on, within 24 hours of its denial or with the denial in the window. On
 * another resource it tells something only where there was enough before the denial in which it could have succeeded.
 */
function isTelling({ rows, from }: Scene, use: Use): boolean {
  const { deniedThen, succeededThen } = use;
  const close = deniedThen >= from || rows.time[succeededThen] - rows.time[deniedThen] <= DAY_MS;
  if (!use.gained || !close || !isWeighty(rows, succeededThen)) return false;
  const namesNothing = rows.resourcesOf(deniedThen).length + rows.resourcesOf(succeededThen).length === 0;
  return namesNothing || sameResource(rows, deniedThen, succeededThen).sameResource === 'yes' || deniedThen >= THIN_EVENTS;
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
    .sort((a, b) => Number(b.gained) - Number(a.gained) || a.succeededThen - b.succeededThen);
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
      ...(weight === 'notable'
        ? [' succeeded after being denied, and not before ', ...inFiles(scene), ': ']
        : [' succeeded after being denied: ']),
      ...names.slice(0, 3).flatMap((name, i) => [i > 0 ? ', ' : '', value(name, 'eventName')]),
      found.length > 3 ? ` and ${found.length - 3} more. ` : '. ',
      ...whereDenied(scene, found, inWindow, before),
    ],
    counts: {
      actions: found.length,
      firstSuccess: found.filter((use) => use.gained).length,
      deniedInWindow: inWindow,
      deniedBefore: before,
    },
    values: found.slice(0, VALUES_LISTED).map((use, i) => ({
      value: names[i],
      column: 'eventName',
      events: use.succeeded,
      counted: ['success', 'successes'],
      first: rows.timeOf(use.succeededThen),
      firstKey: rows.key(use.succeededThen),
      firstIs: 'first after a denial',
      note: [
        rows.text('eventSource', use.first) ?? '?',
        `${use.denied} denied in the window, ${use.deniedBefore} before it`,
        sameWords(sameResource(rows, use.deniedThen, use.succeededThen)),
        ...(use.gained ? [gainedWords(scene, use)] : []),
      ].join('; '),
    })),
    total: found.length,
    compares: weight === 'notable',
    cited: found.slice(0, 10).flatMap((use): EventKey[] => [rows.key(use.deniedThen), rows.key(use.succeededThen)]),
    opens: {
      // The denial may lie before the window.
      time: { from: found.some((use) => use.deniedThen < from) ? null : scene.window.from, to: scene.window.to },
      filters: within(
        scene,
        oneOf(
          'eventName',
          found.map((use) => rows.text('eventName', use.first)),
        ),
        oneOf('outcome', ['denied', 'success']),
      ).filters,
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

/** The history that "not before" rests on. */
const inFiles = ({ basis: { evidenceFrom } }: Scene): SentencePart[] =>
  evidenceFrom === null ? ['in these files'] : ['in these files, which begin ', { part: 'day', day: evidenceFrom }];

/** Positions count the events of the subject before them. */
function gainedWords({ rows }: Scene, { deniedThen }: Use): string {
  if (deniedThen === 0) return 'the denial is the first event of it in these files';
  const earlier = deniedThen === 1 ? 'the 1 event' : `the ${deniedThen} events`;
  return `no success among ${earlier} of it before the denial, from ${new Date(rows.time[0]).toISOString().slice(0, 10)} on`;
}

function sameWords({ sameResource: same, shared }: Same): string {
  if (same === 'yes') return 'on the same resource';
  if (same === 'no') return 'on another resource';
  return same === 'partly' ? `only ${shared.join(', ')} is named by both` : 'which resource is not recorded';
}
