/** Runs plans on the open case: one pass for the selection, kept for plans that follow, then the asks one after another. */
import { type ColumnId, columnSpec } from '../../shared/columns.ts';
import { AppError } from '../../shared/errors.ts';
import type { Answer, AnswerOf, Ask, QueryPlan, Selection } from '../../shared/plan.ts';
import { asksForOrigin, filtersByOrigin } from '../identity/origin-columns.ts';
import { CaseCounts, countColumn } from './counting.ts';
import { facetAnswer } from './facets.ts';
import { checkColumn } from './filters.ts';
import { distinctColumn, groupAnswer } from './group-by.ts';
import { RowBits } from './group-stats.ts';
import { histogramAnswer } from './histogram.ts';
import { compileSelection, type Matches, matchSegment, Scratch } from './matching.ts';
import type { OpenCase } from './open-case.ts';
import { DENIED, FAILED, outcomeMarks } from './outcomes.ts';
import { keysAnswer, pageAnswer, positionAnswer } from './pages.ts';
import { DataChanged, Turn, type TurnRules, Views } from './turns.ts';

const SELECTIONS_KEPT = 4;
/** A page, a facet or a list of keys is never longer. */
const MAX_ROWS = 100_000;
/** Data that change under a run make it begin again; so often, then it runs through without pause. */
const RESTARTS = 3;

export class Executor {
  private readonly views = new Views();
  private readonly counts = new CaseCounts();
  /** Newest last; all of one generation. */
  private kept: { selection: string; matches: Matches }[] = [];
  private keptGeneration = -1;

  constructor(
    private readonly open: OpenCase,
    private readonly rules: TurnRules,
  ) {}

  /** Answers in the order of the asks, with the generation they were computed on. Throws AppError. */
  async run(plan: QueryPlan): Promise<{ answers: Answer[]; generation: number }> {
    checkSelection(plan.selection);
    for (const ask of plan.asks) checkAsk(ask);
    const run = this.views.begin(plan.view);
    try {
      return await this.steadily(
        () => this.views.check(plan.view, run),
        async (turn) => {
          if (plan.asks.some(asksForOrigin)) await this.needLineage(turn);
          const matches = await this.match(plan.selection, leftOut(plan), turn);
          const bits = new RowBits(this.open);
          const answers: Answer[] = [];
          for (const ask of plan.asks) {
            answers.push(await this.answer(ask, plan.selection, matches, bits, turn));
            if (turn.over()) await turn.yield();
          }
          return answers;
        },
      );
    } finally {
      this.views.end(plan.view, run);
    }
  }

  /** The events of a selection, for what is not a plan. */
  async matches<T>(selection: Selection, use: (matches: Matches) => T): Promise<T> {
    checkSelection(selection);
    const { answers } = await this.steadily(
      () => undefined,
      async (turn) => [use(await this.match(selection, false, turn))],
    );
    return answers[0];
  }

  /** An analysis that takes turns with plans; it begins again when the data change under it. */
  async work<T>(work: (turn: Turn) => Promise<T>): Promise<{ answer: T; generation: number }> {
    const { answers, generation } = await this.steadily(
      () => undefined,
      async (turn) => [await work(turn)],
    );
    return { answer: answers[0], generation };
  }

  /** An analysis of the events of a selection. */
  async analyse<T>(selection: Selection, work: (matches: Matches, turn: Turn) => Promise<T>): Promise<{ answer: T; generation: number }> {
    checkSelection(selection);
    return this.work(async (turn) => work(await this.match(selection, false, turn), turn));
  }

  private async steadily<T>(check: () => void, work: (turn: Turn) => Promise<T[]>): Promise<{ answers: T[]; generation: number }> {
    for (let attempt = 0; ; attempt++) {
      const { generation } = this.open;
      this.open.update();
      const turn = new Turn(
        () => {
          check();
          if (this.open.generation !== generation) throw new DataChanged();
        },
        attempt < RESTARTS ? this.rules : null,
      );
      try {
        return { answers: await work(turn), generation };
      } catch (thrown) {
        if (!(thrown instanceof DataChanged)) throw thrown;
      }
    }
  }

  /** Before columns that rest on the credential graph are read. */
  private async needLineage(turn: Turn): Promise<void> {
    if (this.open.lineage.current) return;
    await this.open.lineage.need(this.rules);
    await turn.yield();
  }

  private async match(selection: Selection, only: boolean, turn: Turn): Promise<Matches> {
    const { open } = this;
    if (this.keptGeneration !== open.generation) {
      this.kept = [];
      this.keptGeneration = open.generation;
    }
    const name = JSON.stringify(selection);
    const known = this.kept.findIndex((k) => k.selection === name);
    if (known >= 0) {
      const [entry] = this.kept.splice(known, 1);
      if (entry.matches.only || !only) {
        this.kept.push(entry);
        return entry.matches;
      }
    }
    if (filtersByOrigin(selection.filters)) await this.needLineage(turn);
    const compiled = compileSelection(selection, open);
    const filtered = compiled.byColumn.map((c) => c.column);
    const matches: Matches = { segments: [], filtered, only, count: 0, total: open.groups.events, ordered: null };
    const scratch = new Scratch();
    for (const segment of open.columns.segments) {
      const match = matchSegment(compiled, open, segment, scratch, only);
      matches.segments.push(match);
      matches.count += match.selected.length;
      if (turn.over()) await turn.yield();
    }
    this.kept.push({ selection: name, matches });
    if (this.kept.length > SELECTIONS_KEPT) this.kept.shift();
    return matches;
  }

  private async answer(ask: Ask, selection: Selection, matches: Matches, bits: RowBits, turn: Turn): Promise<Answer> {
    const { open } = this;
    switch (ask.ask) {
      case 'count':
        return countAnswer(matches, outcomeMarks(open));
      case 'histogram':
        return histogramAnswer(ask, selection, open, matches, this.counts, turn);
      case 'facet': {
        const counts = await countColumn(open, matches, ask.column, !ask.strict, this.counts, turn);
        return facetAnswer(ask.column, counts, open.dictionary(ask.column), ask.limit, ask.find);
      }
      case 'page':
        return pageAnswer(ask, open, matches);
      case 'group':
        return groupAnswer(ask, open, matches, bits, turn);
      case 'position':
        return positionAnswer(ask, open, matches);
      case 'keys':
        return keysAnswer(ask, open, matches);
    }
  }
}

/** Whether a facet leaves out the filters on its own column. */
function leftOut({ asks, selection }: QueryPlan): boolean {
  return asks.some((ask) => ask.ask === 'facet' && !ask.strict && selection.filters.some((f) => f.op === 'in' && f.column === ask.column));
}

function countAnswer(matches: Matches, outcomes: Uint8Array): AnswerOf<{ ask: 'count' }> {
  let failed = 0;
  let denied = 0;
  let withoutTime = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { segment, selected } of matches.segments) {
    const { time } = segment;
    const { outcome } = segment.dict;
    for (let k = 0; k < selected.length; k++) {
      const t = time[selected[k]];
      const how = outcomes[outcome[selected[k]]];
      if (how & FAILED) failed++;
      if (how & DENIED) denied++;
      if (t < first) first = t;
      if (t > last) last = t;
      if (Number.isNaN(t)) withoutTime++;
    }
  }
  const timeOrNull = (t: number): AnswerOf<{ ask: 'count' }>['first'] =>
    Number.isFinite(t) ? (t as AnswerOf<{ ask: 'count' }>['first']) : null;
  return {
    ask: 'count',
    events: matches.count,
    failed,
    denied,
    withoutTime,
    first: timeOrNull(first),
    last: timeOrNull(last),
    total: matches.total,
  };
}

export function checkSelection({ time }: Selection): void {
  for (const t of [time.from, time.to]) {
    if (t !== null && !Number.isFinite(t)) throw new AppError('bad-input', 'The time range of the plan is not a range of times.');
  }
}

function checkAsk(ask: Ask): void {
  const wholes: number[] = [];
  if ('limit' in ask) wholes.push(ask.limit);
  if ('offset' in ask) wholes.push(ask.offset);
  if (wholes.some((n) => !Number.isInteger(n) || n < 0))
    throw new AppError('bad-input', 'Offset and limit of a plan are whole numbers from 0.');
  if ('limit' in ask && ask.limit > MAX_ROWS)
    throw new AppError('too-large', `A plan gives at most ${MAX_ROWS} rows at a time; ask in parts.`);
  if (ask.ask === 'facet') checkColumn(ask.column);
  if (ask.ask === 'page') for (const column of ask.columns) checkAnyColumn(column);
  if (ask.ask === 'group') {
    const sorted = distinctColumn(ask.sort);
    for (const column of [ask.by, ...ask.distinct, ...(sorted === null ? [] : [sorted])]) checkColumn(column);
  }
  if (ask.ask === 'histogram' && ask.stackBy !== null) checkColumn(ask.stackBy);
}

function checkAnyColumn(column: ColumnId): void {
  try {
    columnSpec(column);
  } catch {
    throw new AppError('bad-input', `There is no column ${column}.`);
  }
}
