/** The store's end of the port to the query worker: what is sent there, and the two questions that are answered. */
import type { CommitId, EpochMs, EventKey } from '../../shared/brand.ts';
import type { Block, CommitStage } from '../../shared/commit.ts';
import type {
  CopyFacts,
  DictionaryChunk,
  DifferingCopies,
  FileFacts,
  FileVerdicts,
  LedgerRow,
  QueryToStore,
  Remap,
  StoreToQuery,
} from '../../shared/engine.ts';
import type { SegmentLayout } from '../../shared/segment.ts';

export interface Settled {
  events: number;
  firstTime: EpochMs | null;
  lastTime: EpochMs | null;
}

export interface Consolidated {
  chunks: DictionaryChunk[];
  remaps: Remap[];
}

/** What the query worker is told of a commit. */
export interface AttachableCommit {
  id: CommitId;
  segment: SegmentLayout | null;
  blocks: Block[];
  stage: CommitStage | null;
}

export class QueryLink {
  private readonly waiting = new Map<number, (answer: QueryToStore) => void>();
  private nextRequest = 1;

  constructor(private readonly port: MessagePort) {
    port.onmessage = (event: MessageEvent<QueryToStore>) => {
      const answer = event.data;
      const resolve = this.waiting.get(answer.request);
      this.waiting.delete(answer.request);
      resolve?.(answer);
    };
  }

  reset(): void {
    this.send({ type: 'reset' });
  }

  dictionaries(chunks: DictionaryChunk[]): void {
    this.send({ type: 'dictionaries', chunks });
  }

  /** Transfers `segment`: it is empty here afterwards. */
  attach(commit: AttachableCommit, segment: ArrayBuffer, remap: Remap | null): void {
    const { id, blocks, stage } = commit;
    this.send({ type: 'attach', commit: { id, header: { segment: commit.segment, blocks, stage } }, segment, remap }, [segment]);
  }

  drop(commits: CommitId[]): void {
    if (commits.length > 0) this.send({ type: 'drop', commits });
  }

  /** Tells of ledger rows, under every commit that holds records of them; repeated and rejected files count in the sums too. */
  files(rows: readonly LedgerRow[]): void {
    const byCommit = new Map<CommitId, FileFacts[]>();
    for (const row of rows) {
      const { path, sha256, status, records, aggregatedRecords, unreadableRecords } = row;
      const facts = { index: row.fileInCommit, path, sha256, ledgerId: row.id, status, records, aggregatedRecords, unreadableRecords };
      for (const commitId of row.commits) {
        const files = byCommit.get(commitId);
        if (files) files.push(facts);
        else byCommit.set(commitId, [facts]);
      }
    }
    for (const [commitId, files] of byCommit) this.send({ type: 'files', commitId, files });
  }

  stars(keys: EventKey[], starred: boolean, replace: boolean): void {
    this.send({ type: 'stars', keys, starred, replace });
  }

  verdicts(told: FileVerdicts): void {
    this.send({ type: 'verdicts', ...told });
  }

  /** The earliest eventIDs whose whole records have different texts; null when the data changed meanwhile. */
  async copies(limit: number): Promise<{ total: number; copies: DifferingCopies[] } | null> {
    const answer = await this.ask((request) => ({ type: 'copies', request, limit }));
    return answer.type === 'copies' ? answer.found : null;
  }

  contradictions(told: CopyFacts): void {
    this.send({ type: 'contradictions', ...told });
  }

  async consolidate(): Promise<Consolidated> {
    const answer = await this.ask((request) => ({ type: 'consolidate', request }));
    return answer.type === 'consolidated' ? { chunks: answer.chunks, remaps: answer.remaps } : { chunks: [], remaps: [] };
  }

  /** Resolves when the query worker has taken in everything sent so far. */
  async settle(): Promise<Settled> {
    const answer = await this.ask((request) => ({ type: 'settled', request }));
    if (answer.type !== 'settled') return { events: 0, firstTime: null, lastTime: null };
    return { events: answer.events, firstTime: answer.firstTime, lastTime: answer.lastTime };
  }

  private ask(message: (request: number) => StoreToQuery): Promise<QueryToStore> {
    const request = this.nextRequest++;
    return new Promise((resolve) => {
      this.waiting.set(request, resolve);
      this.send(message(request));
    });
  }

  private send(message: StoreToQuery, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }
}
