/** What the page may ask about access over the whole selection: checks, finds the events, says on which data. */
import type { AccessPointsAnswer, AcrossAnswer, SignInsAnswer } from '../../shared/access.ts';
import type { Selection } from '../../shared/plan.ts';
import type { Executor } from '../query/executor.ts';
import type { OpenCase } from '../query/open-case.ts';
import { accessPointsOf } from './access-points.ts';
import { acrossOf } from './across.ts';
import { signInsOf } from './sign-ins.ts';

export class AccessAnswers {
  constructor(
    private readonly open: OpenCase,
    private readonly executor: Executor,
  ) {}

  async signIns(selection: Selection): Promise<SignInsAnswer> {
    const began = performance.now();
    const { answer, generation } = await this.executor.analyse(selection, (matches, turn) =>
      signInsOf(this.open, selection, matches, turn),
    );
    return { ...answer, generation, ms: performance.now() - began };
  }

  async acrossAccounts(selection: Selection): Promise<AcrossAnswer> {
    const began = performance.now();
    const { answer, generation } = await this.executor.analyse(selection, (matches, turn) => acrossOf(this.open, matches, turn));
    return { ...answer, generation, ms: performance.now() - began };
  }

  async accessPoints(selection: Selection): Promise<AccessPointsAnswer> {
    const began = performance.now();
    const { answer, generation } = await this.executor.analyse(selection, (matches, turn) =>
      accessPointsOf(this.open, selection, matches, turn),
    );
    return { ...answer, generation, ms: performance.now() - began };
  }
}
