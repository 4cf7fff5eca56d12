/** What the query worker answers about credentials: the calls of the contract in `shared/lineage.ts`. */
import type { BatchCredentials } from '../../shared/batch.ts';
import type { EventKey } from '../../shared/brand.ts';
import type { QueryApi } from '../../shared/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { CredentialId, CredentialQuery } from '../../shared/lineage.ts';

const refused = (): never => {
  throw new AppError('not-supported', 'The lineage of credentials is not worked out by this version.');
};

export class LineageAnswers implements Pick<QueryApi, 'credential' | 'credentialTree' | 'credentials' | 'lineageOf' | 'lineageSummary'> {
  async credential(_id: CredentialId): ReturnType<QueryApi['credential']> {
    return refused();
  }
  async credentialTree(_id: CredentialId, _options: { maxNodes: number }): ReturnType<QueryApi['credentialTree']> {
    return refused();
  }
  async credentials(_query: CredentialQuery): ReturnType<QueryApi['credentials']> {
    return refused();
  }
  async lineageOf(_key: EventKey): ReturnType<QueryApi['lineageOf']> {
    return refused();
  }
  async lineageSummary(): ReturnType<QueryApi['lineageSummary']> {
    return refused();
  }
  async batch(): Promise<BatchCredentials> {
    return refused();
  }
}
