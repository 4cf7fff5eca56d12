/** Fourth pass: from each credential back to its origin. Credentials that issue each other are cut apart at the earliest issue. */
import type { OpenCase } from '../query/open-case.ts';
import { type CredentialGraph, stopCode } from './graph.ts';
import { CaseRows } from './rows.ts';
import { Stops } from './stops.ts';
import { secondOf } from './times.ts';

export function followChains(open: OpenCase, graph: CredentialGraph): void {
  const cut = cutCycles(open, graph);
  const rows = new CaseRows(open);
  const stops = new Stops(open, graph);
  const path: number[] = [];
  for (let from = 1; from <= graph.count; from++) {
    for (let n = from; graph.origin[n] === 0; n = graph.parent[n]) {
      path.push(n);
      if (graph.parent[n] === 0) break;
    }
    for (let n = path.pop(); n !== undefined; n = path.pop()) {
      const parent = graph.parent[n];
      if (parent === 0) {
        graph.origin[n] = n;
        graph.proven[n] = graph.attempt[n] === 1 || graph.owners.has(n) ? 0 : 1;
        graph.stop[n] = cut.has(n) ? stopCode('cycle') : stopCode(stops.codeOf(n));
        continue;
      }
      const link = graph.links.get(n);
      graph.origin[n] = graph.origin[parent];
      graph.depth[n] = graph.depth[parent] + 1;
      graph.launched[n] = link?.how === 'launched' ? 1 : graph.launched[parent];
      const fits = link?.exact === true && (graph.parent[parent] === 0 || graph.within(parent, secondOf(rows.time(link.row))));
      graph.proven[n] = fits && graph.proven[parent] === 1 ? 1 : 0;
    }
  }
}

/** Credentials whose link was cut because it closed a circle. */
function cutCycles(open: OpenCase, graph: CredentialGraph): Set<number> {
  const cut = new Set<number>();
  const seen = new Uint32Array(graph.count + 1);
  for (let from = 1; from <= graph.count; from++) {
    let n = from;
    while (n !== 0 && seen[n] === 0) {
      seen[n] = from;
      n = graph.parent[n];
    }
    if (n === 0 || seen[n] !== from) continue;
    let earliest = n;
    for (let m = graph.parent[n]; m !== n; m = graph.parent[m]) if (before(m, earliest, open, graph)) earliest = m;
    graph.parent[earliest] = 0;
    graph.links.delete(earliest);
    cut.add(earliest);
  }
  return cut;
}

/** By the events that link them, in the case's order; every link of a circle has one. */
function before(a: number, b: number, open: OpenCase, graph: CredentialGraph): boolean {
  const rowOf = (n: number): number => graph.links.get(n)?.row ?? -1;
  const [x, y] = [rowOf(a), rowOf(b)];
  if (x >= 0 && y >= 0 && x !== y) return open.order.compare(x, y) < 0;
  return x === y ? a < b : x >= 0;
}
