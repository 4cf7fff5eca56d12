/** One credential's ancestors and descendants, each with what was done with it. */
import type { DictColumnId, MultiColumnId } from '../../shared/columns.ts';
import type { CredentialTree, CredentialTreeNode, TopValues } from '../../shared/lineage.ts';
import type { Turn } from '../query/turns.ts';
import { policyEnds } from './containment.ts';
import { type CredentialRows, timeOrNull } from './credential-rows.ts';
import { idOf } from './names.ts';

const TOP = 5;
const ANCESTORS = 64;
const TURN_ROWS = 4096;

export async function treeOf(
  of: CredentialRows,
  asked: number,
  maxNodes: number,
  rowsOf: (n: number) => Uint32Array,
  turn: Turn,
): Promise<CredentialTree> {
  const { graph, open } = of;
  const ancestors: number[] = [];
  for (let n = graph.parent[asked]; n !== 0 && ancestors.length < Math.min(ANCESTORS, maxNodes - 1); n = graph.parent[n])
    ancestors.unshift(n);
  const sizes = subtreeSizes(of, ancestors[0] ?? asked);
  const { listed: all, count } = of.descendants(asked, Number.POSITIVE_INFINITY);
  const listed = busiest(all, sizes, Math.max(0, maxNodes - 1 - ancestors.length));
  const below = depthFirst(asked, listed, graph.parent);
  const nodes: CredentialTreeNode[] = [];
  let level = -ancestors.length;
  for (const n of ancestors) {
    nodes.push(await treeNode(of, n, level, sizes.get(n), rowsOf, turn));
    level++;
  }
  for (const n of below) nodes.push(await treeNode(of, n, graph.depth[n] - graph.depth[asked], sizes.get(n), rowsOf, turn));
  return {
    root: idOf(open, graph, ancestors[0] ?? asked),
    asked: idOf(open, graph, asked),
    nodes,
    left: count - listed.length,
    events: sizes.get(asked)?.events ?? graph.events[asked],
  };
}

/**
 * Those with most events in them and below them, in the order in which they came. As nothing has fewer than what is below it, and
 * breadth comes first among equals, no node is among them without its parent.
 */
function busiest(all: readonly number[], sizes: ReadonlyMap<number, Size>, room: number): readonly number[] {
  if (all.length <= room) return all;
  const events = (n: number): number => sizes.get(n)?.events ?? 0;
  const chosen = new Set(all.toSorted((a, b) => events(b) - events(a)).slice(0, room));
  return all.filter((n) => chosen.has(n));
}

/** Each after its parent, siblings in the order in which they are listed. */
function depthFirst(asked: number, listed: readonly number[], parent: Uint32Array): number[] {
  const children = new Map<number, number[]>();
  for (const n of listed) {
    const known = children.get(parent[n]);
    if (known) known.push(n);
    else children.set(parent[n], [n]);
  }
  const order: number[] = [];
  const stack = [asked];
  for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
    order.push(n);
    stack.push(...(children.get(n) ?? []).toReversed());
  }
  return order;
}

interface Size {
  below: number;
  events: number;
  denied: number;
}

function subtreeSizes(of: CredentialRows, top: number): Map<number, Size> {
  const order = [top];
  for (let q = 0; q < order.length; q++) for (const child of of.children(order[q])) order.push(child);
  const sizes = new Map(order.map((n) => [n, { below: 0, events: of.graph.events[n], denied: of.graph.denied[n] }]));
  for (let q = order.length - 1; q > 0; q--) {
    const own = sizes.get(order[q]);
    const up = sizes.get(of.graph.parent[order[q]]);
    if (!own || !up) continue;
    up.below += own.below + 1;
    up.events += own.events;
    up.denied += own.denied;
  }
  return sizes;
}

async function treeNode(
  of: CredentialRows,
  n: number,
  level: number,
  size: Size | undefined,
  rowsOf: (n: number) => Uint32Array,
  turn: Turn,
): Promise<CredentialTreeNode> {
  const { open } = of;
  const columns = ['sourceIPAddress', 'userAgent', 'awsRegion', 'eventName'] as const;
  const counts = { sourceIPAddress: new Counts(), userAgent: new Counts(), awsRegion: new Counts(), eventName: new Counts() };
  const denied = new Counts();
  const resources = new Counts();
  const deniedCode = open.columns.dictionary('outcome').find('denied');
  const rows = rowsOf(n);
  for (let k = 0; k < rows.length; k++) {
    const segment = open.columns.segmentOf(rows[k]);
    const i = rows[k] - segment.base;
    for (const column of columns) counts[column].add(segment.dict[column][i]);
    if (deniedCode > 0 && segment.dict.outcome[i] === deniedCode) denied.add(segment.dict.eventName[i]);
    const { start, codes } = segment.multi.resource;
    for (let m = start[i]; m < start[i + 1]; m++) resources.add(codes[m]);
    if (k % TURN_ROWS === 0 && turn.over()) await turn.yield();
  }
  const top = (column: DictColumnId | MultiColumnId, of: Counts): TopValues =>
    of.top((code) => open.columns.dictionary(column).get(code) ?? '');
  return {
    ...of.row(n),
    level,
    link: of.link(n),
    descendants: size?.below ?? 0,
    totals: { events: size?.events ?? of.graph.events[n], denied: size?.denied ?? of.graph.denied[n] },
    revokeBefore: timeOrNull(policyEnds(of, n)),
    ips: top('sourceIPAddress', counts.sourceIPAddress),
    agents: top('userAgent', counts.userAgent),
    regions: top('awsRegion', counts.awsRegion),
    actions: top('eventName', counts.eventName),
    deniedActions: top('eventName', denied),
    resources: top('resource', resources),
  };
}

class Counts {
  private readonly counts = new Map<number, number>();

  add(code: number): void {
    if (code !== 0) this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
  }

  /** The most frequent, equals by value. */
  top(text: (code: number) => string): TopValues {
    const best: { value: string; count: number }[] = [];
    const before = (count: number, value: string, other: (typeof best)[number]): boolean =>
      count > other.count || (count === other.count && value < other.value);
    for (const [code, count] of this.counts) {
      const last = best[TOP - 1];
      if (last && count < last.count) continue;
      const value = text(code);
      const at = best.findIndex((other) => before(count, value, other));
      best.splice(at < 0 ? best.length : at, 0, { value, count });
      best.length = Math.min(best.length, TOP);
    }
    return { distinct: this.counts.size, top: best };
  }
}
