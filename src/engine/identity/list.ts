/** Credentials as a list: what a selection, a search and a choice of kinds leave, sorted, one page of it. */
import type { CredentialKind, CredentialList, CredentialQuery, CredentialRow } from '../../shared/lineage.ts';
import type { Matches } from '../query/matching.ts';
import { firstOf } from '../query/top.ts';
import type { CredentialRows } from './credential-rows.ts';
import { timeOrNull } from './credential-rows.ts';
import { KINDS } from './graph.ts';
import { identityText, idOf, originText } from './names.ts';
import { credentialTime } from './times.ts';

/** Counts and times of the events of a selection, by credential. */
export interface Used {
  events: Uint32Array;
  denied: Uint32Array;
  first: Float64Array;
  last: Float64Array;
}

/** What lists of one graph share. */
export interface Lookup {
  texts: () => string[];
  ranks: () => Uint32Array;
}

export function usedIn(of: CredentialRows, matches: Matches): Used {
  const { graph, open } = of;
  const size = graph.count + 1;
  const used: Used = {
    events: new Uint32Array(size),
    denied: new Uint32Array(size),
    first: new Float64Array(size).fill(Number.NaN),
    last: new Float64Array(size).fill(Number.NaN),
  };
  const denied = open.columns.dictionary('outcome').find('denied');
  for (const { segment, selected } of matches.segments) {
    const { base, time, dict } = segment;
    for (let k = 0; k < selected.length; k++) {
      const i = selected[k];
      const n = graph.twins.has(base + i) ? 0 : graph.ofRow[base + i];
      used.events[n]++;
      if (denied > 0 && dict.outcome[i] === denied) used.denied[n]++;
      if (!(time[i] >= used.first[n])) used.first[n] = Number.isNaN(time[i]) ? used.first[n] : time[i];
      if (!(time[i] <= used.last[n])) used.last[n] = Number.isNaN(time[i]) ? used.last[n] : time[i];
    }
  }
  return used;
}

/** What the search looks into, in lower case, by credential. Made once a graph. */
export function searchTexts(of: CredentialRows): string[] {
  const { graph, open } = of;
  const texts = [''];
  for (let n = 1; n <= graph.count; n++) {
    const issue = graph.issueRow[n];
    const issuedTo = issue < 0 ? '' : of.rows.text(issue, 'issuedTo');
    const parts = [idOf(open, graph, n), identityText(open, graph, n), originText(open, graph, n), issuedTo];
    texts.push(parts.join('\n').toLowerCase());
  }
  return texts;
}

export function listCredentials(of: CredentialRows, query: CredentialQuery, used: Used | null, lookup: Lookup): CredentialList {
  const { graph, open } = of;
  const find = query.find.trim().toLowerCase();
  const principal = query.principal === undefined ? null : open.columns.dictionary('principal').find(query.principal);
  const kinds = query.kinds === null ? null : new Set(query.kinds.map((kind) => KINDS.indexOf(kind)));
  const byKind = new Map<number, number>();
  const found: number[] = [];
  for (let n = 1; n <= graph.count; n++) {
    if (used !== null && used.events[n] === 0) continue;
    if (principal !== null && (principal === 0 || graph.kept.principal[n] !== principal)) continue;
    if (find !== '' && !lookup.texts()[n].includes(find)) continue;
    byKind.set(graph.kind[n], (byKind.get(graph.kind[n]) ?? 0) + 1);
    if (kinds === null || kinds.has(graph.kind[n])) found.push(n);
  }
  const sorted = sort(of, found, query, used, lookup.ranks());
  const rows = Array.from(sorted.subarray(query.offset), (n) => rowIn(of, n, used));
  const counts = Array.from(byKind, ([kind, count]): { kind: CredentialKind; count: number } => ({ kind: KINDS[kind], count }));
  counts.sort((a, b) => b.count - a.count || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return { total: found.length, rows, byKind: counts };
}

function rowIn(of: CredentialRows, n: number, used: Used | null): CredentialRow {
  const row = of.row(n);
  if (used === null) return row;
  return { ...row, events: used.events[n], denied: used.denied[n], firstUse: timeOrNull(used.first[n]), lastUse: timeOrNull(used.last[n]) };
}

/** What is not known comes last in either direction; equals by ID. */
function sort(of: CredentialRows, found: number[], query: CredentialQuery, used: Used | null, ranks: Uint32Array): Uint32Array {
  const { sort: by, descending } = query;
  const needed = query.offset + query.limit;
  const { graph } = of;
  const values = new Float64Array(graph.count + 1);
  const from = used ?? graph;
  const measure = (n: number): number => {
    switch (by) {
      case 'events':
        return from.events[n];
      case 'denied':
        return from.denied[n];
      case 'first':
        return from.first[n];
      case 'last':
        return from.last[n];
      case 'issued':
        return graph.issueRow[n] < 0 ? Number.NaN : of.rows.time(graph.issueRow[n]);
      case 'expires':
        return graph.issueRow[n] < 0 ? Number.NaN : credentialTime(of.rows.text(graph.issueRow[n], 'issuedExpires'));
      case 'depth':
        return graph.depth[n];
      case 'children':
        return of.children(n).length;
      default:
        return 0;
    }
  };
  for (const n of found) values[n] = measure(n);
  const sign = descending ? -1 : 1;
  const before = (a: number, b: number): boolean => {
    const [x, y] = [values[a], values[b]];
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(y);
    if (x < y || x > y) return sign * (x - y) < 0;
    return (ranks[a] - ranks[b]) * (by === 'id' ? sign : 1) < 0;
  };
  return firstOf(Uint32Array.from(found), needed, before);
}

/** Places of the credentials in the order of their IDs. Made once a graph. */
export function ranksOf({ graph, open }: CredentialRows): Uint32Array {
  const ids = Array.from({ length: graph.count }, (_, i) => ({ n: i + 1, id: idOf(open, graph, i + 1) as string }));
  ids.sort((a, b) => (a.id < b.id ? -1 : 1));
  const ranks = new Uint32Array(graph.count + 1);
  ids.forEach(({ n }, place) => {
    ranks[n] = place;
  });
  return ranks;
}
