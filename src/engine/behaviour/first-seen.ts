/** What the subject did in the window for the first time in these files: addresses, agents, Regions, services, actions, roles. */
import type { Statement, StatementKind, StatementValue } from '../../shared/behaviour.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
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
      spec.column === 'resource' ? newRoles(scene) : newCodes(rows.codes(spec.column), from, to, rows.dictionary(spec.column).count);
    if (fresh.length > 0) made.push(statementOf(scene, spec, fresh));
  }
  return made;
}

function newCodes(codes: Codes, from: number, to: number, max: number): Found[] {
  const seen = new Uint8Array(max + 1);
  seen[0] = 1;
  for (let k = 0; k < from; k++) seen[codes[k]] = 1;
  return collect(to, from, (k, visit) => {
    if (seen[codes[k]] === 0) visit(codes[k]);
  });
}

/** ARNs of roles named by AssumeRole calls that succeeded. */
function newRoles({ rows, from, to, success }: Scene): Found[] {
  const names = rows.codes('eventName');
  const assuming = EventRows.marks(rows.dictionary('eventName'), names, (text) => ASSUMING.test(text));
  if (!assuming.includes(1)) return [];
  const outcome = rows.codes('outcome');
  const { start, codes } = rows.resources();
  const assumed = (k: number, visit: (code: number) => void): void => {
    if (assuming[names[k]] === 1 && outcome[k] === success) for (let c = start[k]; c < start[k + 1]; c++) visit(codes[c]);
  };
  const dictionary = rows.dictionary('resource');
  const isRole = (code: number): boolean => {
    const text = dictionary.get(code) ?? '';
    return text.startsWith('arn:') && text.includes(':role/');
  };
  const seen = new Set<number>();
  for (let k = 0; k < from; k++) assumed(k, (code) => seen.add(code));
  return collect(to, from, (k, visit) =>
    assumed(k, (code) => {
      if (!seen.has(code) && isRole(code)) visit(code);
    }),
  );
}

function collect(to: number, from: number, each: (k: number, visit: (code: number) => void) => void): Found[] {
  const found = new Map<number, Found>();
  for (let k = from; k < to; k++) {
    each(k, (code) => {
      const known = found.get(code);
      if (known) known.events++;
      else found.set(code, { code, events: 1, first: k });
    });
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
    const kinds = ['public', 'private', 'VPC endpoint'].map((text) => rows.code('addressKind', text)).filter((code) => code !== 0);
    return (enough ? fresh : toAll).some((f) => kinds.includes(rows.codes('addressKind')[f.first]));
  }
  if (kind === 'newRole') return enough;
  if (toAll.length > 0 || !enough) return toAll.length > 0;
  if (kind === 'newRegion') return true;
  const tools = rows.codes('agentTool');
  const known = new Set(tools.subarray(0, from));
  return fresh.some((f) => rows.codes('agentMark')[f.first] !== 0 || !known.has(tools[f.first]));
}

/** Which of the codes any event of the case had before a time. */
function seenBefore(open: OpenCase, column: ValueColumnId, fresh: readonly Found[], before: number): Set<number> {
  const wanted = new Uint8Array(open.dictionary(column).count + 1);
  for (const { code } of fresh) wanted[code] = 1;
  const seen = new Set<number>();
  for (const segment of open.columns.segments) {
    if (seen.size === fresh.length) break;
    if (!(segment.firstTime < before)) continue;
    const multi = isMulti(column) ? open.multi(segment, column) : null;
    const codes = isMulti(column) ? (multi?.codes ?? []) : open.codes(segment, column);
    for (let i = 0; i < segment.rows; i++) {
      const end = multi ? multi.start[i + 1] : i + 1;
      for (let c = multi ? multi.start[i] : i; c < end; c++) {
        if (wanted[codes[c]] === 1 && segment.time[i] < before && !(segment.state[i] & HIDDEN)) {
          wanted[codes[c]] = 0;
          seen.add(codes[c]);
        }
      }
    }
  }
  return seen;
}
