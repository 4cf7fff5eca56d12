/** The host's routes as the store uses them (shared/host.ts). Failures come as AppError with the host's own sentence. */
import type { CaseId, GrantId, ImportId } from '../../shared/brand.ts';
import type { JournalEntry } from '../../shared/case.ts';
import type { Packing } from '../../shared/commit.ts';
import { AppError, isAppErrorShape } from '../../shared/errors.ts';
import type { ImportRequest, LostRoot, VerifyRequest } from '../../shared/host.ts';
import type { StoreEnvironment } from './environment.ts';

export interface JournalListing {
  caseId: CaseId;
  entries: number;
  bytes: number;
  changedAt: number;
}

export class HostCalls {
  constructor(
    private readonly env: Pick<StoreEnvironment, 'fetch'>,
    private readonly bearer: string | null,
  ) {}

  /** The response of a route, if it succeeded. */
  async call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.bearer !== null) headers.set('Authorization', `Bearer ${this.bearer}`);
    let response: Response;
    try {
      response = await this.env.fetch(path, { ...init, headers });
    } catch (thrown) {
      if (init.signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new AppError('internal', `Trailcase’s own host does not answer (${why}). Close the window and start the app again.`);
    }
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => null);
    if (isAppErrorShape(body)) throw new AppError(body.kind, body.message);
    throw new AppError('internal', `The host answered ${response.status} to ${path}.`);
  }

  async startImport(request: ImportRequest, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.call('/api/import', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
    if (!response.body) throw new AppError('internal', 'The host sent no import stream.');
    return response.body;
  }

  /** What the case was imported from, as far as it is there. */
  async originals(id: CaseId): Promise<{ grants: GrantId[]; lost: LostRoot[] }> {
    const response = await this.call(`/api/journal/${id}/originals`, { method: 'POST' });
    const body = (await response.json()) as { grants: { id: GrantId }[]; lost?: LostRoot[] };
    return { grants: body.grants.map((grant) => grant.id), lost: body.lost ?? [] };
  }

  /** Aborting the signal ends it. */
  async startVerify(request: VerifyRequest, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.call('/api/verify', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
    if (!response.body) throw new AppError('internal', 'The host sent no verification stream.');
    return response.body;
  }

  async cancelImport(id: ImportId): Promise<void> {
    await this.call(`/api/import/${id}/cancel`, { method: 'POST' });
  }

  /** Null: it goes on. */
  async pauseImport(id: ImportId, reason: string | null): Promise<void> {
    if (reason === null) await this.call(`/api/import/${id}/resume`, { method: 'POST' });
    else
      await this.call(`/api/import/${id}/pause`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ reason }),
      });
  }

  /** The unpacked bytes of one block; at most `limit` bytes, else the host refuses. */
  async unpack(packing: Packing, bytes: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
    if (packing === 'stored') return bytes;
    const response = await this.call(`/api/unpack?packing=${packing}&limit=${limit}`, { method: 'POST', body: bytes });
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Null when the host cannot tell. */
  async freeDisk(): Promise<number | null> {
    const body = (await (await this.call('/api/disk')).json()) as { freeBytes?: unknown };
    return typeof body.freeBytes === 'number' ? body.freeBytes : null;
  }

  async journals(): Promise<JournalListing[]> {
    const body = (await (await this.call('/api/journals')).json()) as { cases: JournalListing[] };
    return body.cases;
  }

  /** The journal's text, piece by piece as it arrives. */
  async readJournal(id: CaseId): Promise<ReadableStream<Uint8Array>> {
    const response = await this.call(`/api/journal/${id}`);
    if (!response.body) throw new AppError('internal', 'The host sent no journal.');
    return response.body;
  }

  async appendJournal(id: CaseId, entries: readonly JournalEntry[]): Promise<void> {
    const lines = entries.map((e) => `${JSON.stringify(e)}\n`).join('');
    await this.call(`/api/journal/${id}`, { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body: lines });
  }

  async deleteJournal(id: CaseId): Promise<void> {
    await this.call(`/api/journal/${id}`, { method: 'DELETE' });
  }
}
