/** What the credential views ask: the list by windows, one credential, its tree. */
import type {
  CredentialDetails,
  CredentialId,
  CredentialKind,
  CredentialList,
  CredentialRow,
  CredentialSort,
  CredentialTree,
} from '../../../shared/lineage.ts';
import type { Selection } from '../../../shared/plan.ts';
import { type AnswerState, useAnswer } from '../../state/use-answer.ts';

export interface ListQuestion {
  selection: Selection | null;
  kinds: CredentialKind[] | null;
  find: string;
  sort: CredentialSort;
  descending: boolean;
}

const STEP = 100;
/** Nodes of a tree that are asked for; the rest is counted. */
export const TREE_NODES = 2000;

export interface ListWindow extends AnswerState<CredentialList> {
  offset: number;
  row(index: number): CredentialRow | undefined;
}

/** The rows near those on screen, in whole steps. */
export function useCredentialList(question: ListQuestion, first: number, last: number): ListWindow {
  const offset = Math.max(0, Math.floor(first / STEP) - 1) * STEP;
  const limit = Math.min(1000, (Math.floor(last / STEP) + 2) * STEP - offset);
  const state = useAnswer([question, offset, limit], async (engine) => ({
    list: await engine.query.credentials({ ...question, find: question.find.trim(), offset, limit }),
    offset,
  }));
  return {
    value: state.value?.list ?? null,
    loading: state.loading,
    error: state.error,
    offset: state.value?.offset ?? 0,
    row: (index) => (state.value ? state.value.list.rows[index - state.value.offset] : undefined),
  };
}

export interface CredentialPage {
  details: CredentialDetails;
  tree: CredentialTree | null;
}

/** Null inside when the case knows no such credential. */
export function useCredential(id: CredentialId): AnswerState<{ page: CredentialPage | null }> {
  return useAnswer(id, async (engine) => {
    const [details, tree] = await Promise.all([engine.query.credential(id), engine.query.credentialTree(id, { maxNodes: TREE_NODES })]);
    return { page: details ? { details, tree } : null };
  });
}
