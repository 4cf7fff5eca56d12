/** Credential trees that a person put into the report, computed anew from the evidence as it is; `trees-written.ts` writes them. */
import type { EventKey } from '../../shared/brand.ts';
import { REPORT_TREE_VERSION, type ReportTree } from '../../shared/case.ts';
import type { QueryApi, StoreApi } from '../../shared/engine.ts';
import type { CredentialDetails, CredentialTree, CredentialTreeNode } from '../../shared/lineage.ts';
import { type TreeItem, treeItems } from './trees-order.ts';

/** Credentials of one tree, and of all trees together. */
const NODES = 500;
const ALL_NODES = 5000;
const MAX_TREES = 200;
/** Roles, keys and users of the way to end it; events cited of a link. */
export const ENDS = 100;
export const CITED_A_LINK = 3;

export interface TreeFacts {
  items: TreeItem[];
  /** Credentials among the items. */
  listed: number;
  left: number;
  /** Of what is left out. */
  leftEvents: number;
  leftDenied: number;
  asked: CredentialTreeNode;
  details: Pick<CredentialDetails, 'containment' | 'usesBeforeIssue' | 'usesAfterExpiry'>;
}

export interface ReportedTree {
  entry: ReportTree;
  /** Null when the evidence does not hold the credential; `problem` says it. */
  facts: TreeFacts | null;
  problem: string | null;
}

export interface ReportTrees {
  rows: ReportedTree[];
  total: number;
}

interface TreeEngine {
  store: Pick<StoreApi, 'listReportTrees'>;
  query: Pick<QueryApi, 'credential' | 'credentialTree'>;
}

const NO_MORE = 'No event of the evidence uses or issues this credential any more: what held it was withdrawn, or is not imported.';
const TOO_NEW = 'A newer version of Trailcase put this tree into the report; this version cannot show it.';
const NO_ROOM =
  'The trees before this one took all the room that credentials have in one report. Remove one of them, or make a second report.';

/** Null when nobody put a tree into the report. */
export async function collectTrees({ store, query }: TreeEngine, say: (line: string) => void): Promise<ReportTrees | null> {
  const entries = await store.listReportTrees();
  if (entries.length === 0) return null;
  const rows: ReportedTree[] = [];
  let room = ALL_NODES;
  for (const entry of entries.slice(0, MAX_TREES)) {
    say(`Following credential tree ${rows.length + 1} of ${entries.length}`);
    const without = (problem: string): ReportedTree => ({ entry, facts: null, problem });
    if (entry.version > REPORT_TREE_VERSION) rows.push(without(TOO_NEW));
    else if (room === 0) rows.push(without(NO_ROOM));
    else {
      const [details, tree] = await Promise.all([
        query.credential(entry.credential),
        query.credentialTree(entry.credential, { maxNodes: Math.min(NODES, room) }),
      ]);
      const facts = details && tree ? factsOf(entry, details, tree) : null;
      room -= facts?.listed ?? 0;
      rows.push(facts ? { entry, facts, problem: null } : without(NO_MORE));
    }
  }
  return { rows, total: entries.length };
}

function factsOf(entry: ReportTree, details: CredentialDetails, tree: CredentialTree): TreeFacts | null {
  const asked = tree.nodes.find((node) => node.level === 0);
  if (!asked) return null;
  const listed = tree.nodes.filter((node) => node.level >= 0);
  const sum = (of: 'events' | 'denied'): number => listed.reduce((n, node) => n + node[of], 0);
  const nodes = entry.scope === 'tree' ? tree.nodes : listed;
  return {
    items: treeItems(nodes),
    listed: nodes.length,
    left: tree.left,
    leftEvents: asked.totals.events - sum('events'),
    leftDenied: asked.totals.denied - sum('denied'),
    asked,
    details,
  };
}

/** Events that the trees cite, in the order in which they stand there. */
export function keysOfTrees(trees: ReportTrees | null): EventKey[] {
  const keys = new Set<EventKey>();
  for (const { facts } of trees?.rows ?? []) {
    if (!facts) continue;
    for (const key of facts.asked.stop.events.slice(0, CITED_A_LINK)) keys.add(key);
    for (const item of facts.items)
      if (item.type === 'node') for (const key of item.node.link?.events.slice(0, CITED_A_LINK) ?? []) keys.add(key);
    const { longTermKeys, revoke } = facts.details.containment;
    for (const key of longTermKeys.slice(0, ENDS)) {
      if (key.deleted) keys.add(key.deleted.key);
      for (const event of key.usesAfter?.events.slice(0, CITED_A_LINK) ?? []) keys.add(event);
    }
    for (const { policies } of revoke.slice(0, ENDS)) for (const call of policies.slice(-CITED_A_LINK)) keys.add(call.key);
  }
  return [...keys];
}
