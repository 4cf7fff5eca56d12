/** The credential graph of the open case: built when somebody asks, once per state of the evidence, giving way to other work. */
import { AppError } from '../../shared/errors.ts';
import type { OpenCase } from '../query/open-case.ts';
import { DataChanged, Turn, type TurnRules } from '../query/turns.ts';
import { followChains } from './chains.ts';
import { collectCredentials } from './collect.ts';
import type { CredentialGraph } from './graph.ts';
import { inferLinks } from './infer.ts';
import { linkIssues } from './issues.ts';
import { nameKinds } from './kinds.ts';

/** Evidence that changes under a build makes it begin again; so often, then it runs through without pause. */
const RESTARTS = 3;

export class CaseLineage {
  private built: CredentialGraph | null = null;
  private building: Promise<CredentialGraph> | null = null;

  constructor(private readonly open: OpenCase) {}

  /** The graph of the evidence as it is now, if it was built. */
  get current(): CredentialGraph | null {
    return this.built?.generation === this.open.rowsGeneration ? this.built : null;
  }

  /** Builds it where that is needed. Callers at the same time share one build. */
  async need(rules: TurnRules | null): Promise<CredentialGraph> {
    for (let attempt = 0; attempt <= RESTARTS; attempt++) {
      if (this.current) return this.current;
      this.building ??= this.build(rules).finally(() => {
        this.building = null;
      });
      await this.building;
    }
    if (this.current) return this.current;
    throw new AppError('busy', 'The evidence changes faster than its credentials can be followed; ask again when the import has ended.');
  }

  private async build(rules: TurnRules | null): Promise<CredentialGraph> {
    for (let attempt = 0; ; attempt++) {
      const generation = this.open.rowsGeneration;
      const check = (): void => {
        if (this.open.rowsGeneration !== generation) throw new DataChanged();
      };
      try {
        this.built = await buildGraph(this.open, new Turn(check, attempt < RESTARTS ? rules : null));
        return this.built;
      } catch (thrown) {
        if (!(thrown instanceof DataChanged)) throw thrown;
      }
    }
  }
}

async function buildGraph(open: OpenCase, turn: Turn): Promise<CredentialGraph> {
  const began = performance.now();
  const { graph, signs, ofKey, contested } = await collectCredentials(open, turn);
  await linkIssues(open, graph, signs, { ofKey, contested }, turn);
  nameKinds(open, graph);
  if (turn.over()) await turn.yield();
  await inferLinks(open, graph, signs, turn);
  followChains(open, graph);
  graph.ms = performance.now() - began;
  return graph;
}
