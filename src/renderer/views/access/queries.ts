/** What the view asks: each part of the query worker, of the selection as it is. */
import type { AccessPointsAnswer, AcrossAnswer, SignInsAnswer } from '../../../shared/access.ts';
import { useSelection } from '../../state/selection.ts';
import { type AnswerState, useAnswer } from '../../state/use-answer.ts';

export function useSignIns(): AnswerState<SignInsAnswer> {
  const selection = useSelection((s) => s.selection);
  return useAnswer(['signIns', selection], (engine) => engine.query.signIns(selection));
}

export function useAcross(): AnswerState<AcrossAnswer> {
  const selection = useSelection((s) => s.selection);
  return useAnswer(['acrossAccounts', selection], (engine) => engine.query.acrossAccounts(selection));
}

export function useAccessPoints(): AnswerState<AccessPointsAnswer> {
  const selection = useSelection((s) => s.selection);
  return useAnswer(['accessPoints', selection], (engine) => engine.query.accessPoints(selection));
}
