/** From numbers of the graph to what the page shows: rows, links, chains. Made once a graph, at the first question. */
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { ChainStop, CredentialLink, CredentialRow, LineageHop } from '../../shared/lineage.ts';
import { STOP_CODES } from '../../shared/lineage.ts';
import type { OpenCase } from '../query/open-case.ts';
import { type CredentialGraph, type KeptColumn, KINDS } from './graph.ts';
import { CredentialIds, identityText, idOf, keptText, keyText, maskedKeyText, originText } from './names.ts';
import { reasonOf } from './reasons.ts';
import { CaseRows } from './rows.ts';
import { Stops } from './stops.ts';
import { credentialTime } from './times.ts';

const HOPS = 64;
const CITED = 10;

export const timeOrNull = (time: number): EpochMs | null => (Number.isFinite(time) ? (time as EpochMs) : null);

/** The role of a role session's ARN, without its path, which is not in it; null for all else. */
function sessionRole(identity: string | null): string | null {
  const parts = identity?.split(':', 6) ?? [];
  const name = parts[5]?.startsWith('assumed-role/') ? parts[5].split('/')[1] : undefined;
  return name ? `arn:${parts[1]}:iam::${parts[4]}:role/${name}` : null;
}

/** As `sessionRole`; other identities are what they are. */
export const roleOf = (identity: string | null): string | null => sessionRole(identity) ?? identity;

/** The account of an ARN; null for what is none. */
const accountOf = (arn: string | null): string | null => (arn?.startsWith('arn:') ? arn.split(':', 5)[4] || null : null);

export class CredentialRows {
  readonly ids: CredentialIds;
  readonly rows: CaseRows;
  private readonly stops: Stops;
  /** Children of n: childList[childStart[n]] … childList[childStart[n + 1] - 1]. */
  private readonly childStart: Uint32Array;
  private readonly childList: Uint32Array;

  constructor(
    readonly open: OpenCase,
    readonly graph: CredentialGraph,
  ) {
    this.ids = new CredentialIds(open, graph);
    this.rows = new CaseRows(open);
    this.stops = new Stops(open, graph);
    this.childStart = new Uint32Array(graph.count + 2);
    for (let n = 1; n <= graph.count; n++) this.childStart[graph.parent[n] + 1]++;
    for (let n = 0; n <= graph.count; n++) this.childStart[n + 1] += this.childStart[n];
    const at = this.childStart.slice();
    this.childList = new Uint32Array(graph.count);
    for (let n = 1; n <= graph.count; n++) this.childList[at[graph.parent[n]]++] = n;
  }

  /** Direct children in no particular order. */
  children(n: number): Uint32Array {
    return this.childList.subarray(this.childStart[n], this.childStart[n + 1]);
  }

  keyOf(row: number): EventKey {
    return this.open.keys.keyOf(row);
  }

  text(n: number, column: KeptColumn): string | null {
    return keptText(this.open, this.graph, n, column);
  }

  /** When it came to be: issued, began, or was first used; NaN when no record tells. */
  born(n: number): number {
    const { graph } = this;
    if (graph.issueRow[n] >= 0) return this.rows.time(graph.issueRow[n]);
    const start = credentialTime(this.text(n, 'sessionStart'));
    return Number.isNaN(start) ? graph.first[n] : start;
  }

  row(n: number): CredentialRow {
    const { graph, open } = this;
    const issue = graph.issueRow[n];
    const link = graph.links.get(n);
    const issuedTo = issue < 0 ? null : this.rows.text(issue, 'issuedTo');
    return {
      id: idOf(open, graph, n),
      accessKeyId: keyText(open, graph, n),
      maskedKey: maskedKeyText(open, graph, n),
      kind: KINDS[graph.kind[n]],
      identity: identityText(open, graph, n),
      principal: this.text(n, 'principal'),
      account: this.text(n, 'callerAccount') ?? accountOf(issuedTo),
      issuedBy: issue < 0 ? null : this.keyOf(issue),
      issuedAt: issue < 0 ? null : timeOrNull(this.rows.time(issue)),
      issuedTo,
      role: this.text(n, 'sessionIssuer') || sessionRole(this.text(n, 'identity') ?? issuedTo),
      expires: issue < 0 ? null : timeOrNull(credentialTime(this.rows.text(issue, 'issuedExpires'))),
      firstUse: timeOrNull(graph.first[n]),
      lastUse: timeOrNull(graph.last[n]),
      events: graph.events[n],
      denied: graph.denied[n],
      parent: graph.parent[n] === 0 ? null : idOf(open, graph, graph.parent[n]),
      proof: link === undefined ? null : link.exact ? 'exact' : 'inferred',
      origin: originText(open, graph, n),
      originId: idOf(open, graph, graph.origin[n]),
      depth: graph.depth[n],
      originProof: graph.proven[n] === 1 ? 'proven' : 'inferred',
      launched: graph.launched[n] === 1,
      stop: this.stop(n),
      children: this.childStart[n + 1] - this.childStart[n],
    };
  }

  /** Why the chain of a credential ends. */
  stop(n: number): ChainStop {
    const end = this.graph.origin[n];
    const owners = this.graph.owners
      .get(end)
      ?.slice(0, CITED)
      .map((owner) => this.graph.firstRow[owner]);
    const events = owners ?? this.graph.issuers.get(end) ?? (this.graph.issueRow[end] < 0 ? [] : [this.graph.issueRow[end]]);
    return { code: STOP_CODES[this.graph.stop[end]], text: this.stops.textOf(end), events: this.cite(events) };
  }

  link(n: number): CredentialLink | null {
    const { graph } = this;
    const link = graph.links.get(n);
    if (link === undefined || graph.parent[n] === 0) return null;
    const events = this.cite([link.row, link.second]);
    return {
      proof: link.exact ? 'exact' : 'inferred',
      how: link.how,
      parent: idOf(this.open, graph, graph.parent[n]),
      reason: reasonOf(this.open, graph, n, link),
      events,
      time: link.row < 0 ? null : timeOrNull(this.rows.time(link.row)),
    };
  }

  /** Nearest first. */
  chain(from: number): { hops: LineageHop[]; cut: boolean } {
    const hops: LineageHop[] = [];
    let n = from;
    for (; n !== 0 && hops.length < HOPS; n = this.graph.parent[n]) hops.push({ credential: this.row(n), link: this.link(n) });
    return { hops, cut: n !== 0 };
  }

  /** Descendants in the order of breadth, at most `limit`, with how many there are in all. */
  descendants(n: number, limit: number): { listed: number[]; count: number } {
    const listed: number[] = [];
    const queue = [n];
    let count = 0;
    for (let q = 0; q < queue.length; q++) {
      const children = Array.from(this.children(queue[q])).sort((a, b) => this.compareBorn(a, b));
      for (const child of children) {
        count++;
        queue.push(child);
        if (listed.length < limit) listed.push(child);
      }
    }
    return { listed, count };
  }

  /** By first sign of life; those without one last, in the order of their IDs. */
  compareBorn(a: number, b: number): number {
    const [s, t] = [this.born(a), this.born(b)];
    if (s < t || s > t) return s - t;
    if (Number.isNaN(s) !== Number.isNaN(t)) return Number.isNaN(s) ? 1 : -1;
    const [x, y] = [idOf(this.open, this.graph, a), idOf(this.open, this.graph, b)];
    return x < y ? -1 : x > y ? 1 : 0;
  }

  private cite(rows: readonly number[]): EventKey[] {
    return [...new Set(rows.filter((row) => row >= 0))].slice(0, CITED).map((row) => this.keyOf(row));
  }
}
