/** The query worker without the worker: takes the store worker's messages, answers the page. Runs in plain Node. */
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import { DICT_COLUMN_IDS } from '../../shared/columns.ts';
import type { EventCoverage } from '../../shared/coverage.ts';
import type { QueryApi, QueryStatus, QueryToStore, StoreToQuery } from '../../shared/engine.ts';
import { toAppError } from '../../shared/errors.ts';
import type { Ask, PlanResult, QueryPlan } from '../../shared/plan.ts';
import { EMPTY_SELECTION } from '../../shared/plan.ts';
import { AccessAnswers } from '../access/answers.ts';
import { BehaviourAnswers } from '../behaviour/answers.ts';
import { MULTI_COLUMN_IDS } from '../columns/segment-columns.ts';
import { LineageAnswers } from '../identity/answers.ts';
import { batchEvents } from './batch-events.ts';
import { Conflicts } from './conflicts.ts';
import { countRows } from './counting.ts';
import { eventCoverage } from './coverage.ts';
import { differingCopies } from './differing-copies.ts';
import { Executor } from './executor.ts';
import { OpenCase } from './open-case.ts';
import { eventDetails, refOf, rowsAt } from './pages.ts';
import { TURN_RULES, type TurnRules } from './turns.ts';

/** News of the data makes every view ask again: at the soonest after this long, and later the more its questions cost. */
const STATUS_EVERY_MS = 250;
const STATUS_AT_LATEST_MS = 2000;
const STATUS_SHARE = 25;
const LOG_LENGTH = 100;
const LOCATED: readonly ValueColumnId[] = [...DICT_COLUMN_IDS, ...MULTI_COLUMN_IDS, 'file'];
const LOCATED_EVENTS = 100;

type LogLine = Awaited<ReturnType<QueryApi['queryLog']>>[number];

export class QueryCore implements QueryApi {
  private readonly open = new OpenCase();
  private readonly contradictions = new Conflicts(this.open);
  private readonly executor: Executor;
  private readonly subjects: BehaviourAnswers;
  private readonly access: AccessAnswers;
  private readonly lineage: LineageAnswers;
  private readonly listeners: ((status: QueryStatus) => unknown)[] = [];
  private readonly log: LogLine[] = [];
  private told: ReturnType<typeof setTimeout> | null = null;
  /** Of the last plans, the dearest; sinks as cheaper ones follow. */
  private planMs = 0;

  constructor(private readonly rules: TurnRules = TURN_RULES) {
    this.executor = new Executor(this.open, rules);
    this.subjects = new BehaviourAnswers(this.open, this.executor);
    this.access = new AccessAnswers(this.open, this.executor);
    this.lineage = new LineageAnswers(this.open, this.executor, rules);
  }

  async start({ storePort }: { storePort: MessagePort }): Promise<void> {
    storePort.onmessage = ({ data }: MessageEvent<StoreToQuery>) => {
      if (data.type === 'copies') {
        const { request, limit } = data;
        void differingCopies(this.open, limit, this.rules).then((found) => storePort.postMessage({ type: 'copies', request, found }));
        return;
      }
      const answer = this.take(data);
      if (answer) storePort.postMessage(answer, transfersOf(answer));
    };
  }

  async subscribe(listener: (status: QueryStatus) => void): Promise<void> {
    this.listeners.push(listener);
    this.tellSoon();
  }

  async status(): Promise<QueryStatus> {
    return this.open.status();
  }

  async run<const A extends readonly Ask[]>(plan: Omit<QueryPlan, 'asks'> & { asks: A }): Promise<PlanResult<A>> {
    const began = performance.now();
    return asShape(async () => {
      const { answers, generation } = await this.executor.run({ ...plan, asks: [...plan.asks] });
      const ms = performance.now() - began;
      this.planMs = Math.max(ms, this.planMs / 2);
      this.note({ view: plan.view, ms, asks: plan.asks.map(askName), at: Date.now() as EpochMs });
      // The executor answers ask by ask, in order.
      return { answers: answers as PlanResult<A>['answers'], generation, ms };
    });
  }

  async event(key: EventKey): ReturnType<QueryApi['event']> {
    this.open.update();
    return eventDetails(key, this.open);
  }

  async locate(text: string): ReturnType<QueryApi['locate']> {
    this.open.update();
    for (const form of new Set([text, text.trim(), text.trim().toLowerCase()])) {
      const found = await this.locateExactly(form);
      if (found.events.length > 0 || found.columns.length > 0) return found;
    }
    return { events: [], columns: [] };
  }

  async refs(...[selection, descending, offset, limit]: Parameters<QueryApi['refs']>): ReturnType<QueryApi['refs']> {
    return asShape(() =>
      this.executor.matches(selection, (matches) => {
        const rows = Array.from(rowsAt(matches, this.open, descending, offset, limit));
        return { keys: rows.map((row) => this.open.keys.keyOf(row)), refs: rows.map((row) => refOf(row, this.open)) };
      }),
    );
  }

  async missing(keys: EventKey[]): Promise<EventKey[]> {
    this.open.update();
    return keys.filter((key) => this.open.keys.find(key) < 0);
  }

  async conflicts(offset: number, limit: number): ReturnType<QueryApi['conflicts']> {
    return asShape(async () => this.contradictions.page(offset, limit));
  }

  async behaviour(...args: Parameters<QueryApi['behaviour']>): ReturnType<QueryApi['behaviour']> {
    return asShape(() => this.subjects.behaviour(...args));
  }

  async revertList(...args: Parameters<QueryApi['revertList']>): ReturnType<QueryApi['revertList']> {
    return asShape(() => this.subjects.revertList(...args));
  }

  async sessions(...args: Parameters<QueryApi['sessions']>): ReturnType<QueryApi['sessions']> {
    return asShape(() => this.subjects.sessions(...args));
  }

  async lanes(...args: Parameters<QueryApi['lanes']>): ReturnType<QueryApi['lanes']> {
    return asShape(() => this.subjects.lanes(...args));
  }

  async signIns(...args: Parameters<QueryApi['signIns']>): ReturnType<QueryApi['signIns']> {
    return asShape(() => this.access.signIns(...args));
  }

  async acrossAccounts(...args: Parameters<QueryApi['acrossAccounts']>): ReturnType<QueryApi['acrossAccounts']> {
    return asShape(() => this.access.acrossAccounts(...args));
  }

  async accessPoints(...args: Parameters<QueryApi['accessPoints']>): ReturnType<QueryApi['accessPoints']> {
    return asShape(() => this.access.accessPoints(...args));
  }

  async conflictOf(eventID: string): ReturnType<QueryApi['conflictOf']> {
    return asShape(async () => this.contradictions.of(eventID));
  }

  async batchEvents(): ReturnType<QueryApi['batchEvents']> {
    return asShape(() => batchEvents(this.open));
  }

  async batchCredentials(): ReturnType<QueryApi['batchCredentials']> {
    return asShape(() => this.lineage.batch());
  }

  async credential(...args: Parameters<QueryApi['credential']>): ReturnType<QueryApi['credential']> {
    return asShape(() => this.lineage.credential(...args));
  }

  async credentialTree(...args: Parameters<QueryApi['credentialTree']>): ReturnType<QueryApi['credentialTree']> {
    return asShape(() => this.lineage.credentialTree(...args));
  }

  async credentials(...args: Parameters<QueryApi['credentials']>): ReturnType<QueryApi['credentials']> {
    return asShape(() => this.lineage.credentials(...args));
  }

  async lineageOf(...args: Parameters<QueryApi['lineageOf']>): ReturnType<QueryApi['lineageOf']> {
    return asShape(() => this.lineage.lineageOf(...args));
  }

  async lineageSummary(): ReturnType<QueryApi['lineageSummary']> {
    return asShape(() => this.lineage.lineageSummary());
  }

  async coverage(): Promise<EventCoverage> {
    return asShape(async () => eventCoverage(this.open));
  }

  async queryLog(): Promise<LogLine[]> {
    return this.log.toReversed();
  }

  /** One message of the store worker; gives what is to be answered, if anything. */
  private take(message: Exclude<StoreToQuery, { type: 'copies' }>): QueryToStore | null {
    const { open } = this;
    switch (message.type) {
      case 'reset':
        open.reset();
        this.subjects.forget();
        break;
      case 'attach':
        open.attach(message.commit, message.segment, message.remap);
        break;
      case 'dictionaries':
        open.loadDictionaries(message.chunks);
        break;
      case 'drop':
        open.drop(message.commits);
        break;
      case 'files':
        open.tellFiles(message.commitId, message.files);
        break;
      case 'stars':
        open.setStars(message.keys, message.starred, message.replace);
        break;
      case 'verdicts':
        open.tellVerdicts(message);
        break;
      case 'contradictions': {
        const { type: _, ...facts } = message;
        open.tellCopies(facts);
        break;
      }
      case 'consolidate':
        return { type: 'consolidated', request: message.request, ...open.columns.consolidate() };
      case 'settled': {
        open.orderedRows();
        open.columns.trim();
        this.tellNow();
        const span = open.span();
        const time = (t: number | undefined): EpochMs | null => (t === undefined ? null : (t as EpochMs));
        return {
          type: 'settled',
          request: message.request,
          events: open.groups.events,
          firstTime: time(span?.first),
          lastTime: time(span?.last),
        };
      }
    }
    this.tellSoon();
    return null;
  }

  private async locateExactly(text: string): ReturnType<QueryApi['locate']> {
    const { open } = this;
    const rows = text.startsWith('id:') || text.startsWith('src:') ? [open.keys.find(text as EventKey)] : open.keys.rowsOfId(text);
    const events = rows.filter((row) => row >= 0).slice(0, LOCATED_EVENTS);
    const columns: Awaited<ReturnType<QueryApi['locate']>>['columns'] = [];
    for (const column of LOCATED) {
      const code = open.dictionary(column).find(text);
      if (code === 0) continue;
      const count = await this.executor.matches(EMPTY_SELECTION, (matches) => {
        const counts = new Uint32Array(open.dictionary(column).count + 1);
        for (const { segment, selected } of matches.segments) countRows(open, segment, column, selected, 1, counts);
        return counts[code];
      });
      if (count > 0) columns.push({ column, value: text, count });
    }
    return { events: events.map((row) => open.keys.keyOf(row)), columns };
  }

  private note(line: LogLine): void {
    this.log.push(line);
    if (this.log.length > LOG_LENGTH) this.log.shift();
  }

  private tellSoon(): void {
    if (this.listeners.length === 0) return;
    const wait = Math.min(STATUS_AT_LATEST_MS, Math.max(STATUS_EVERY_MS, this.planMs * STATUS_SHARE));
    this.told ??= setTimeout(() => this.tellNow(), wait);
  }

  /** What an import has ended with is not to wait for. */
  private tellNow(): void {
    if (this.told !== null) clearTimeout(this.told);
    this.told = null;
    const status = this.open.status();
    for (const listener of this.listeners) listener(status);
  }
}

const askName = (ask: Ask): string => (ask.ask === 'facet' ? `facet ${ask.column}` : ask.ask === 'group' ? `group ${ask.by}` : ask.ask);

/** Errors cross threads as plain shapes: the kind of an Error object would be lost. */
async function asShape<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw toAppError(thrown).toShape();
  }
}

function transfersOf(answer: QueryToStore): Transferable[] {
  if (answer.type !== 'consolidated') return [];
  const arrays = [...answer.chunks.flatMap((c) => [c.text, c.lengths]), ...answer.remaps.flatMap((r) => Object.values(r.codes))];
  return arrays.map((array) => array.buffer);
}
