/** What the page may ask about subjects: checks the question, finds the events, runs the analysis, says on which data. */
import type { Behaviour, RevertAnswer, RevertOptions, Subject } from '../../shared/behaviour.ts';
import { AppError } from '../../shared/errors.ts';
import type { Selection } from '../../shared/plan.ts';
import {
  type LanesAnswer,
  type LanesOptions,
  SESSION_GAP_MINUTES,
  type SessionOptions,
  type SessionsAnswer,
} from '../../shared/sessions.ts';
import { checkSelection, type Executor } from '../query/executor.ts';
import { checkColumn } from '../query/filters.ts';
import { type Bins, binsOf } from '../query/histogram.ts';
import { orderedMatches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import { outcomeMarks } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { behaviourOf } from './behaviour.ts';
import { EventRows, rowsHolding } from './event-rows.ts';
import { addToLane, emptyLane } from './lanes.ts';
import { type Reverts, revertPage, revertsOf } from './revert.ts';
import { subjectFilter } from './scene.ts';
import { sessionsPage } from './sessions.ts';
import { Twins } from './twins.ts';

const MAX_LANES = 20;
const LANE_ATTEMPTS = 3;
const MAX_PAGE = 1000;
const MAX_GAP_MINUTES = 1440;

export class BehaviourAnswers {
  private kept: { name: string; generation: number; rows: EventRows } | null = null;
  private reverts: { name: string; generation: number; reverts: Reverts } | null = null;

  private readonly twins: Twins;

  constructor(
    private readonly open: OpenCase,
    private readonly executor: Executor,
  ) {
    this.twins = new Twins(open);
  }

  /** Lets go of a case that was closed. */
  forget(): void {
    this.kept = null;
    this.reverts = null;
    this.twins.forget();
  }

  async behaviour(subject: Subject, selection: Selection): Promise<Behaviour> {
    checkSubject(subject);
    checkSelection(selection);
    const { time } = selection;
    const began = performance.now();
    const { answer, generation } = await this.executor.work(async (turn) =>
      behaviourOf(this.open, subject, time, await this.rowsOf(subject, turn), turn),
    );
    return { ...answer, generation, ms: performance.now() - began };
  }

  async revertList(subject: Subject, selection: Selection, options: RevertOptions): Promise<RevertAnswer> {
    checkSubject(subject);
    checkSelection(selection);
    const { time } = selection;
    checkPage(options);
    const began = performance.now();
    const name = JSON.stringify([subject, time]);
    let kept = this.reverts;
    // A page after a page asks for the same list.
    if (kept?.name !== name || kept.generation !== this.open.generation) {
      const { answer, generation } = await this.executor.work(async (turn) =>
        revertsOf(this.open, time, await this.rowsOf(subject, turn), turn),
      );
      kept = { name, generation, reverts: answer };
      this.reverts = kept;
    }
    return { ...revertPage(kept.reverts, subject, options), generation: kept.generation, ms: performance.now() - began };
  }

  async sessions(subject: Subject, selection: Selection, options: SessionOptions): Promise<SessionsAnswer> {
    checkSubject(subject);
    checkPage(options);
    const gap = options.gapMinutes ?? SESSION_GAP_MINUTES;
    if (!(gap >= 1 && gap <= MAX_GAP_MINUTES))
      throw new AppError('bad-input', `The gap between sessions is 1 to ${MAX_GAP_MINUTES} minutes.`);
    const began = performance.now();
    const { answer, generation } = await this.executor.analyse(
      { ...selection, filters: [...selection.filters, subjectFilter(subject)] },
      async (matches) => sessionsPage(new EventRows(this.open, orderedMatches(matches, this.open)), subject, selection, options, gap),
    );
    return { ...answer, generation, ms: performance.now() - began };
  }

  async lanes(subjects: Subject[], selection: Selection, options: LanesOptions): Promise<LanesAnswer> {
    for (const subject of subjects) checkSubject(subject);
    if (subjects.length > MAX_LANES) throw new AppError('too-large', `At most ${MAX_LANES} lanes are shown at a time; choose fewer.`);
    const began = performance.now();
    for (let attempt = 1; ; attempt++) {
      const { generation } = this.open;
      const bins = binsOf(selection, this.open, options.bins);
      const lanes = await Promise.all(subjects.map((subject) => this.lane(subject, selection, bins)));
      // Data that came in between may have moved the bins.
      if (generation === this.open.generation || attempt === LANE_ATTEMPTS)
        return { ...bins, lanes, generation, ms: performance.now() - began };
    }
  }

  /** Gathered columns of the subject asked about last: a page asks several questions about one. */
  private async rowsOf(subject: Subject, turn: Turn): Promise<EventRows> {
    const name = JSON.stringify(subject);
    if (this.kept?.name !== name || this.kept.generation !== this.open.generation) {
      this.kept = null;
      const { generation } = this.open;
      const { own, twins } = this.twins.apart(await rowsHolding(this.open, subject.column, subject.value, turn));
      const rows = new EventRows(this.open, own, twins);
      this.kept = { name, generation, rows };
    }
    return this.kept.rows;
  }

  private async lane(subject: Subject, selection: Selection, bins: Bins): Promise<LanesAnswer['lanes'][number]> {
    const filters = [...selection.filters, subjectFilter(subject)];
    const { answer } = await this.executor.analyse({ ...selection, filters }, async (matches, turn) => {
      const outcomes = outcomeMarks(this.open);
      const lane = emptyLane(bins.bins);
      for (const match of matches.segments) {
        addToLane(lane, match, bins.from, bins.binMs, outcomes);
        if (turn.over()) await turn.yield();
      }
      return lane;
    });
    return { subject, ...answer };
  }
}

function checkSubject(subject: Subject): void {
  checkColumn(subject.column);
  if (typeof subject.value !== 'string') throw new AppError('bad-input', 'A subject is a column and one value of it.');
}

function checkPage({ offset, limit }: { offset: number; limit: number }): void {
  if (![offset, limit].every((n) => Number.isInteger(n) && n >= 0))
    throw new AppError('bad-input', 'Offset and limit are whole numbers from 0.');
  if (limit > MAX_PAGE) throw new AppError('too-large', `At most ${MAX_PAGE} are given at a time; ask in parts.`);
}
