/** Contradictions near what is on screen, and the chosen one. */
import type { Conflict, ConflictList } from '../../../shared/engine.ts';
import { type AnswerState, useAnswer } from '../../state/use-answer.ts';
import { windowFor } from '../subject/use-groups.ts';

export function useConflicts(first: number, last: number): AnswerState<ConflictList & { offset: number }> {
  const { offset, limit } = windowFor(first, last);
  return useAnswer([offset, limit], async (engine) => ({ ...(await engine.query.conflicts(offset, Math.min(limit, 1000))), offset }));
}

export function useConflict(eventID: string | null): Conflict | null {
  const { value } = useAnswer(eventID, async (engine) => (eventID === null ? null : engine.query.conflictOf(eventID)));
  return value?.eventID === eventID ? value : null;
}

/** EventIDs with a contradiction; 0 until they are counted. */
export function useConflictCount(): number {
  return useAnswer('count', (engine) => engine.query.conflicts(0, 0)).value?.ids ?? 0;
}
