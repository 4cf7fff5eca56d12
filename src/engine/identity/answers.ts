/** What the query worker answers about credentials: the calls of the contract in `shared/lineage.ts`. */
import type { BatchCredentials } from '../../shared/batch.ts';
import type { EventKey } from '../../shared/brand.ts';
import type { QueryApi } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { CredentialId, CredentialQuery, CredentialTree, Lineage } from '../../shared/lineage.ts';
import { HIDDEN } from '../columns/segment-columns.ts';
import type { Executor } from '../query/executor.ts';
import type { OpenCase } from '../query/open-case.ts';
import { DataChanged, Turn, type TurnRules } from '../query/turns.ts';
import { type ContainingCalls, containingCalls } from './containing-calls.ts';
import { containmentOf } from './containment.ts';
import { batchCredentials, summaryOf } from './counts.ts';
import { CredentialRows } from './credential-rows.ts';
import { listCredentials, ranksOf, searchTexts, usedIn } from './list.ts';
import { provenAt } from './origin-columns.ts';
import { afterChange, remarksOn } from './remarks.ts';
import { secondOf } from './times.ts';
import { treeOf } from './tree.ts';

const MAX_NODES = 2000;
const MAX_PAGE = 1000;
const MEMBERS = 100_000;
const TWINS = 10;
const RESTARTS = 3;

type Asked = Pick<QueryApi, 'credential' | 'credentialTree' | 'credentials' | 'lineageOf' | 'lineageSummary'>;

export class LineageAnswers implements Asked {
  private made: Made | null = null;

  constructor(
    private readonly open: OpenCase,
    private readonly executor: Executor,
    private readonly rules: TurnRules,
  ) {}

  async credential(id: CredentialId): ReturnType<QueryApi['credential']> {
    const made = await this.now();
    const { rows } = made;
    const n = rows.ids.find(id);
    if (n === 0) return null;
    const { graph } = rows;
    const { hops, cut } = rows.chain(n);
    const { listed, count } = rows.descendants(n, MEMBERS);
    const children = Array.from(rows.children(n)).sort((a, b) => rows.compareBorn(a, b));
    return {
      ...rows.row(n),
      chain: hops,
      cut,
      descendants: count,
      childRows: children.slice(0, MAX_PAGE).map((child) => rows.row(child)),
      usesBeforeIssue: graph.usesBefore[n],
      usesAfterExpiry: graph.usesAfter[n],
      alsoRecordedIn: alsoRecordedIn(rows, n),
      mfa: rows.text(n, 'mfa'),
      sourceIdentity: rows.text(n, 'sourceIdentity'),
      onBehalfOf: rows.text(n, 'onBehalfOf'),
      roleDelivery: rows.text(n, 'roleDelivery'),
      issuedFor: rows.text(n, 'issuedFor'),
      sessionStart: rows.text(n, 'sessionStart'),
      sessionIssuer: rows.text(n, 'sessionIssuer'),
      containment: containmentOf(rows, [n, ...listed], { ...made.calls(), rowsOf: made.rowsOf() }),
    };
  }

  async credentialTree(id: CredentialId, { maxNodes }: { maxNodes: number }): ReturnType<QueryApi['credentialTree']> {
    if (!(maxNodes >= 1 && maxNodes <= MAX_NODES)) throw new AppError('bad-input', `A tree has 1 to ${MAX_NODES} credentials.`);
    return this.steadily(async (made, turn): Promise<CredentialTree | null> => {
      const n = made.rows.ids.find(id);
      return n === 0 ? null : treeOf(made.rows, n, Math.floor(maxNodes), made.rowsOf(), turn);
    });
  }

  async credentials(query: CredentialQuery): ReturnType<QueryApi['credentials']> {
    const { offset, limit, selection } = query;
    if (!(Number.isInteger(offset) && offset >= 0 && Number.isInteger(limit) && limit >= 0))
      throw new AppError('bad-input', 'Offset and limit of a list of credentials are whole numbers from 0.');
    if (limit > MAX_PAGE) throw new AppError('too-large', `A list gives at most ${MAX_PAGE} credentials at a time; ask in parts.`);
    if (selection === null) {
      const made = await this.now();
      return listCredentials(made.rows, query, null, made);
    }
    for (let attempt = 0; ; attempt++) {
      const made = await this.now();
      const used = await this.executor.matches(selection, (matches) =>
        made.rows.graph === this.open.lineage.current ? usedIn(made.rows, matches) : null,
      );
      if (used !== null) return listCredentials(made.rows, query, used, made);
      if (attempt === RESTARTS) throw new AppError('busy', 'The evidence changes while its credentials are listed; ask again.');
    }
  }

  async lineageOf(key: EventKey): Promise<Lineage | null> {
    const made = await this.now();
    const { rows } = made;
    const { open, graph } = rows;
    const row = open.keys.find(key);
    if (row < 0) return null;
    const n = graph.ofRow[row];
    const twins = this.twins(rows, row);
    if (n === 0) {
      const stop = { code: 'no-identity' as const, text: 'The record does not say who called.', events: [] };
      return { key, hops: [], cut: false, origin: null, depth: 0, originProof: 'proven', stop, remarks: [], twins };
    }
    const { hops, cut } = rows.chain(n);
    const proven = provenAt(graph, n, rows.rows.time(row));
    const own = rows.row(n);
    const link = hops[0].link;
    if (link?.proof === 'exact' && !graph.within(n, secondOf(rows.rows.time(row))))
      hops[0] = {
        ...hops[0],
        link: { ...link, proof: 'inferred', reason: `${link.reason} This event is not shown to lie in that lifetime.` },
      };
    return {
      key: open.keys.keyOf(row),
      hops,
      cut,
      origin: own.origin,
      depth: own.depth,
      originProof: proven ? 'proven' : 'inferred',
      stop: own.stop,
      remarks: [...remarksOn(rows, n, row), ...afterChange(rows, n, row, made.calls())],
      twins,
    };
  }

  async lineageSummary(): ReturnType<QueryApi['lineageSummary']> {
    return summaryOf((await this.now()).rows);
  }

  async batch(): Promise<BatchCredentials> {
    return batchCredentials((await this.now()).rows);
  }

  private async now(): Promise<Made> {
    const graph = await this.open.lineage.need(this.rules);
    if (this.made?.rows.graph !== graph) this.made = new Made(new CredentialRows(this.open, graph));
    return this.made;
  }

  /** Work that gives way and begins again when the evidence changes under it. */
  private async steadily<T>(work: (made: Made, turn: Turn) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const made = await this.now();
      const check = (): void => {
        if (this.open.lineage.current !== made.rows.graph) throw new DataChanged();
      };
      try {
        return await work(made, new Turn(check, attempt < RESTARTS ? this.rules : null));
      } catch (thrown) {
        if (!(thrown instanceof DataChanged)) throw thrown;
      }
    }
  }

  /** The same call in the records of other accounts. */
  private twins({ rows, open }: CredentialRows, row: number): EventKey[] {
    const shared = rows.code(row, 'sharedEventID');
    const found: EventKey[] = [];
    if (shared === 0) return found;
    for (const { base, rows: count, dict, state } of open.columns.segments) {
      for (let i = 0; i < count && found.length < TWINS; i++)
        if (dict.sharedEventID[i] === shared && base + i !== row && !(state[i] & HIDDEN)) found.push(open.keys.keyOf(base + i));
    }
    return found;
  }
}

/** What is made of one graph when it is first asked for. */
class Made {
  private callsOf: ContainingCalls | null = null;
  private list: string[] | null = null;
  private places: Uint32Array | null = null;
  private index: { start: Uint32Array; rows: Uint32Array } | null = null;

  constructor(readonly rows: CredentialRows) {}

  calls(): ContainingCalls {
    this.callsOf ??= containingCalls(this.rows);
    return this.callsOf;
  }

  readonly texts = (): string[] => {
    this.list ??= searchTexts(this.rows);
    return this.list;
  };

  readonly ranks = (): Uint32Array => {
    this.places ??= ranksOf(this.rows);
    return this.places;
  };

  /** Rows of a credential, in the order of import. */
  rowsOf(): (n: number) => Uint32Array {
    this.index ??= indexRows(this.rows);
    const { start, rows } = this.index;
    return (n) => rows.subarray(start[n], start[n + 1]);
  }
}

/** Accounts that recorded calls of it a second time, by name. */
function alsoRecordedIn({ graph, rows }: CredentialRows, n: number): { account: string; events: number }[] {
  const counts = new Map<string, number>();
  for (const row of graph.twins) {
    const account = graph.ofRow[row] === n ? rows.text(row, 'account') : null;
    if (account) counts.set(account, (counts.get(account) ?? 0) + 1);
  }
  return Array.from(counts, ([account, events]) => ({ account, events })).sort((a, b) => (a.account < b.account ? -1 : 1));
}

function indexRows({ graph }: CredentialRows): { start: Uint32Array; rows: Uint32Array } {
  const start = new Uint32Array(graph.count + 2);
  const { ofRow } = graph;
  const own = (row: number): number => (graph.twins.has(row) ? 0 : ofRow[row]);
  for (let row = 0; row < ofRow.length; row++) start[own(row) + 1]++;
  for (let n = 0; n <= graph.count; n++) start[n + 1] += start[n];
  const at = start.slice();
  const rows = new Uint32Array(ofRow.length);
  for (let row = 0; row < ofRow.length; row++) rows[at[own(row)]++] = row;
  return { start, rows };
}
