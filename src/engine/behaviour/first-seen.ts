/** What the subject did in the window for the first time in these files: addresses, agents, Regions, services, actions, roles. */
import type { Statement, StatementKind, StatementValue } from '../../shared/behaviour.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import { HIDDEN, type MultiCodes, type SegmentColumns } from '../columns/segment-columns.ts';
import { isMulti, type OpenCase } from '../query/open-case.ts';
import { type Codes, EventRows, type SingleColumnId } from './event-rows.ts';
import { count, listed, OPENED, oneOf, type Scene, statement, VALUES_LISTED, within } from './scene.ts';

interface Spec {
  kind: StatementKind;
  column: SingleColumnId | 'resource';
  one: string;
  many: string;
  verb: string;
}

const SPECS: readonly Spec[] = [
  { kind: 'newAddress', column: 'sourceIPAddress', one: 'address', many: 'addresses', verb: 'used' },
  { kind: 'newAgent', column: 'userAgent', one: 'user agent', many: 'user agents', verb: 'used' },
  { kind: 'newRegion', column: 'awsRegion', one: 'Region', many: 'Regions', verb: 'called' },
  { kind: 'newService', column: 'eventSource', one: 'service', many: 'services', verb: 'called' },
  { kind: 'newAction', column: 'eventName', one: 'action', many: 'actions', verb: 'done' },
  { kind: 'newRole', column: 'resource', one: 'role', many: 'roles', verb: 'assumed' },
];

const ASSUMING = /^AssumeRole/;
const OWN_KINDS = new Set(['public', 'private', 'VPC endpoint']);

interface Found {
  code: number;
  events: number;
  first: number;
}

export function firstSeen(scene: Scene): Statement[] {
  const { basis, rows, from, to } = scene;
  if (from === to) return [];
  if (basis.history === 'none') {
    return [
      statement({
        kind: 'noHistory',
        section: 'new',
        weight: 'limit',
        parts: ['Nothing can be called new: there is ', ...basis.sentence, '.'],
        opens: null,
        compares: true,
      }),
    ];
  }
  const made: Statement[] = [];
  for (const spec of SPECS) {
    if (spec.column === scene.subject.column) continue;
    const fresh =
      spec.column === 'resource' ? newRoles(scene) : newCodes(rows.codes(spec.column, 0, to), from, to, rows.dictionary(spec.column).count);
    if (fresh.length > 0) made.push(statementOf(scene, spec, fresh));
  }
  return made;
}

function newCodes(codes: Codes, from: number, to: number, max: number): Found[] {
  const seen = new Uint8Array(max + 1);
  seen[0] = 1;
  for (let k = 0; k < from; k++) seen[codes[k]] = 1;
  const found: Found[] = [];
  // By code: the place in `found` + 1.
  const places = new Uint32Array(max + 1);
  for (let k = from; k < to; k++) {
    const code = codes[k];
    if (seen[code] === 1) continue;
    if (places[code] === 0) places[code] = found.push({ code, events: 0, first: k });
    found[places[code] - 1].events++;
  }
  return found;
}

/** ARNs of roles named by AssumeRole calls that succeeded. */
function newRoles({ rows, from, to, success }: Scene): Found[] {
  const names = rows.codes('eventName', 0, to);
  const assuming = EventRows.marks(rows.dictionary('eventName'), names.subarray(0, to), (text) => ASSUMING.test(text));
  if (!assuming.includes(1)) return [];
  const outcome = rows.codes('outcome', 0, to);
  const { start, codes } = rows.resources();
  const dictionary = rows.dictionary('resource');
  const isRole = (code: number): boolean => {
    const text = dictionary.get(code) ?? '';
    return text.startsWith('arn:') && text.includes(':role/');
  };
  const seen = new Set<number>();
  const found = new Map<number, Found>();
  for (let k = 0; k < to; k++) {
    if (assuming[names[k]] === 0 || success === 0 || outcome[k] !== success) continue;
    for (let c = start[k]; c < start[k + 1]; c++) {
      const code = codes[c];
      if (k < from) seen.add(code);
      else {
        const known = found.get(code);
        if (known) known.events++;
        else if (!seen.has(code)) {
          if (isRole(code)) found.set(code, { code, events: 1, first: k });
          else seen.add(code);
        }
      }
    }
  }
  return [...found.values()];
}

function statementOf(scene: Scene, spec: Spec, fresh: Found[]): Statement {
  const { rows } = scene;
  const dictionary = rows.dictionary(spec.column);
  const elsewhere = seenBefore(scene.open, spec.column, fresh, scene.window.from ?? Number.NEGATIVE_INFINITY);
  const isNew = (f: Found): number => (elsewhere.has(f.code) ? 0 : 1);
  fresh.sort((a, b) => isNew(b) - isNew(a) || b.events - a.events || dictionary.compare(a.code, b.code));
  const values = fresh.slice(0, VALUES_LISTED).map((f): StatementValue => {
    const note = noteOf(scene, spec, f);
    return {
      value: dictionary.get(f.code) ?? '',
      column: spec.column,
      events: f.events,
      first: rows.timeOf(f.first),
      firstKey: rows.key(f.first),
      newToEvidence: isNew(f) === 1,
      ...(note === '' ? {} : { note }),
    };
  });
  return statement({
    kind: spec.kind,
    section: 'new',
    weight: isTelling(
      scene,
      spec,
      fresh,
      fresh.filter((f) => isNew(f) === 1),
    )
      ? 'notable'
      : 'plain',
    parts: [
      count(fresh.length, `${spec.one} not ${spec.verb} before the window: `, `${spec.many} not ${spec.verb} before the window: `),
      ...listed(values, fresh.length),
      '.',
    ],
    counts: {
      values: fresh.length,
      events: fresh.reduce((sum, f) => sum + f.events, 0),
      newToEvidence: fresh.reduce((sum, f) => sum + isNew(f), 0),
    },
    values,
    total: fresh.length,
    cited: values.map((v) => v.firstKey),
    opens: within(
      scene,
      ...(spec.kind === 'newRole' ? [{ op: 'contains', column: 'eventName', text: 'AssumeRole' } as const] : []),
      oneOf(
        spec.column,
        fresh.slice(0, OPENED).map((f) => dictionary.get(f.code)),
      ),
    ),
    compares: true,
  });
}

/** What is said beside a new value. */
function noteOf({ rows }: Scene, { kind }: Spec, { first }: Found): string {
  if (kind === 'newAddress') return rows.text('addressKind', first) ?? '';
  if (kind !== 'newAgent') return '';
  return [rows.text('agentTool', first), rows.text('agentMark', first)].filter((word) => word !== null).join(', ');
}

/**
 * Whether the new values are worth a look, not each new call: an address of a caller, an agent or a Region that nobody had before; with
 * enough history also an address that only the subject had not, an agent that is odd or of another tool.
 */
function isTelling({ rows, from, basis }: Scene, { kind }: Spec, fresh: readonly Found[], toAll: readonly Found[]): boolean {
  if (kind === 'newAction' || kind === 'newService') return false;
  const enough = basis.history === 'enough';
  if (kind === 'newAddress') {
    return (enough ? fresh : toAll).some((f) => OWN_KINDS.has(rows.text('addressKind', f.first) ?? ''));
  }
  if (kind === 'newRole') return enough;
  if (toAll.length > 0 || !enough) return toAll.length > 0;
  if (kind === 'newRegion') return true;
  const tools = rows.codes('agentTool', 0, from);
  const known = new Set<number>();
  for (let k = 0; k < from; k++) known.add(tools[k]);
  const texts = new Set(Array.from(known, (code) => rows.dictionary('agentTool').get(code)));
  return fresh.some((f) => rows.text('agentMark', f.first) !== null || !texts.has(rows.text('agentTool', f.first)));
}

/** Which of the codes any event of the case had before a time. */
function seenBefore(open: OpenCase, column: ValueColumnId, fresh: readonly Found[], before: number): Set<number> {
  // 1 while it is looked for.
  const wanted = new Uint8Array(open.dictionary(column).count + 1);
  for (const { code } of fresh) wanted[code] = 1;
  let left = fresh.length;
  for (const segment of open.columns.segments) {
    if (left === 0) break;
    if (!(segment.firstTime < before)) continue;
    left -= isMulti(column)
      ? markAny(open.multi(segment, column), segment, before, wanted)
      : markSeen(open.codes(segment, column), segment, before, wanted);
  }
  return new Set(fresh.filter(({ code }) => wanted[code] === 0).map(({ code }) => code));
}

/** How many of the wanted codes the segment has before a time. */
function markSeen(codes: ArrayLike<number>, { rows, time, state }: SegmentColumns, before: number, wanted: Uint8Array): number {
  let seen = 0;
  for (let i = 0; i < rows; i++) {
    if (wanted[codes[i]] === 0 || !(time[i] < before) || state[i] & HIDDEN) continue;
    wanted[codes[i]] = 0;
    seen++;
  }
  return seen;
}

function markAny({ start, codes }: MultiCodes, { rows, time, state }: SegmentColumns, before: number, wanted: Uint8Array): number {
  let seen = 0;
  for (let i = 0; i < rows; i++) {
    for (let c = start[i]; c < start[i + 1]; c++) {
      if (wanted[codes[c]] === 0 || !(time[i] < before) || state[i] & HIDDEN) continue;
      wanted[codes[c]] = 0;
      seen++;
    }
  }
  return seen;
}
