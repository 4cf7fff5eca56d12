/** The lineage of a whole case in numbers, for the page and for the batch summary. */
import type { BatchCredentials } from '../../shared/batch.ts';
import { CREDENTIAL_KINDS, type LineageSummary, STOP_CODES } from '../../shared/lineage.ts';
import type { CredentialRows } from './credential-rows.ts';
import { KINDS } from './graph.ts';
import { idOf, keyText, maskedKeyText, originText } from './names.ts';
import { secondOf } from './times.ts';

const LISTED = 100_000;

interface Issued {
  temporary: number;
  longTerm: number;
  usedLater: number;
}

/** Distinct key IDs that events issue. Used later is a use in the second of an issue or after it. */
function issuedKeys(of: CredentialRows, issuesOf: (n: number) => readonly number[]): Issued {
  const { graph } = of;
  const sum: Issued = { temporary: 0, longTerm: 0, usedLater: 0 };
  for (let n = 1; n <= graph.count; n++) {
    const issues = issuesOf(n);
    if (issues.length === 0) continue;
    if (issues.some((row) => of.rows.text(row, 'eventName') === 'CreateAccessKey')) sum.longTerm++;
    else sum.temporary++;
    const first = issues.reduce(
      (time, row) => Math.min(time, secondOf(of.rows.time(row)) || Number.POSITIVE_INFINITY),
      Number.POSITIVE_INFINITY,
    );
    if (secondOf(graph.last[n]) >= first) sum.usedLater++;
  }
  return sum;
}

const issuesIn =
  (of: CredentialRows) =>
  (n: number): readonly number[] =>
    of.graph.issuers.get(n) ?? (of.graph.issueRow[n] < 0 ? [] : [of.graph.issueRow[n]]);

export function summaryOf(of: CredentialRows): LineageSummary {
  const { graph } = of;
  const issued = issuedKeys(of, issuesIn(of));
  const byKind = new Uint32Array(KINDS.length);
  const byStop = new Uint32Array(STOP_CODES.length);
  let exact = 0;
  let inferred = 0;
  let deepest = 0;
  let early = 0;
  for (let n = 1; n <= graph.count; n++) {
    byKind[graph.kind[n]]++;
    byStop[graph.stop[graph.origin[n]]]++;
    if (graph.parent[n] !== 0) graph.links.get(n)?.exact ? exact++ : inferred++;
    deepest = Math.max(deepest, graph.depth[n]);
    if (graph.usesBefore[n] > 0) early++;
  }
  return {
    generation: graph.generation,
    credentials: graph.count,
    byKind: CREDENTIAL_KINDS.map(({ id }, k) => ({ kind: id, count: byKind[k] })).filter((k) => k.count > 0),
    issuedTemporary: issued.temporary,
    issuedLongTerm: issued.longTerm,
    usedLater: issued.usedLater,
    exactLinks: exact,
    inferredLinks: inferred,
    maxDepth: deepest,
    byStop: STOP_CODES.map((code, k) => ({ code, count: byStop[k] })).filter((k) => k.count > 0),
    usedBeforeIssue: early,
    ms: graph.ms,
  };
}

export function batchCredentials(of: CredentialRows): BatchCredentials {
  const { graph, open } = of;
  const issued = issuedKeys(of, issuesIn(of));
  const keys: { key: string; n: number }[] = [];
  for (let n = 1; n <= graph.count; n++) {
    const key = keyText(open, graph, n) ?? (graph.attempt[n] === 1 ? null : maskedKeyText(open, graph, n));
    if (key !== null) keys.push({ key, n });
  }
  const before = (a: (typeof keys)[number], b: (typeof keys)[number]): boolean =>
    a.key === b.key ? idOf(open, graph, a.n) < idOf(open, graph, b.n) : a.key < b.key;
  keys.sort((a, b) => (before(a, b) ? -1 : 1));
  return {
    issuedTemporary: issued.temporary,
    issuedLongTerm: issued.longTerm,
    usedLater: issued.usedLater,
    list: keys.slice(0, LISTED).map(({ key, n }) => {
      const row = of.row(n);
      const issue = graph.issueRow[n];
      const caller = issue < 0 ? 0 : graph.ofRow[issue];
      return {
        accessKeyId: key,
        kind: row.kind,
        issuedByEvent: issue < 0 ? null : (eventID(of, issue) ?? row.issuedBy),
        issuedTo: row.issuedTo,
        parentKey: caller === 0 ? null : keyText(open, graph, caller),
        origin: originText(open, graph, n),
        depth: row.depth,
        originProof: row.originProof,
        eventCount: row.events,
        stoppedBecause: row.stop.text,
        stopCode: row.stop.code,
      };
    }),
  };
}

function eventID(of: CredentialRows, row: number): string | null {
  const segment = of.open.columns.segmentOf(row);
  return of.open.keys.idOf(segment, row - segment.base);
}
