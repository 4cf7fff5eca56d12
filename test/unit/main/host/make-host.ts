/** A host over temporary folders, with an import that only tells what it was asked to read. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, type Host } from '../../../../src/main/host/handle.ts';
import type { ImportJob, Platform } from '../../../../src/main/host/platform.ts';
import type { Grant } from '../../../../src/shared/host.ts';

export interface TestHost {
  host: Host;
  dir: string;
  profile: string;
  jobs: ImportJob[];
  cancelled: string[];
  call(method: string, path: string, body?: BodyInit): Promise<Response>;
  json<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Starts an import and reads it to its end. */
  importAll(grants: Grant[], importId?: string): Promise<Response>;
  close(): Promise<void>;
}

export async function makeHost(change: Partial<Platform> = {}): Promise<TestHost> {
  const dir = await mkdtemp(join(tmpdir(), 'trailcase-test-'));
  const profile = join(dir, 'profile');
  await mkdir(join(dir, 'static/assets'), { recursive: true });
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'static/index.html'), '<!doctype html><title>Trailcase</title>');
  await writeFile(join(dir, 'static/assets/index-abc123.js'), 'export {};');
  await writeFile(join(dir, 'assets/sample-trail.zip'), 'zip');
  await writeFile(join(dir, 'secret.txt'), 'SECRET');
  const jobs: ImportJob[] = [];
  const cancelled: string[] = [];
  const host = await createHost({
    kind: 'web',
    version: '1.2.3',
    versions: { node: '20' },
    threads: 2,
    profileDir: profile,
    staticDir: join(dir, 'static'),
    assetsDir: join(dir, 'assets'),
    startImport(job) {
      jobs.push(job);
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('frames'));
          controller.close();
        },
      });
      return { stream, cancel: () => void cancelled.push(job.importId), pause: () => undefined };
    },
    openDialog: null,
    saveDialog: null,
    printPdf: async () => new TextEncoder().encode('%PDF'),
    trash: null,
    batch: null,
    ...change,
  });
  const call: TestHost['call'] = (method, path, body) =>
    host.handle(
      new Request(`http://127.0.0.1:1${path}`, {
        method,
        body,
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      } as RequestInit),
    );
  return {
    host,
    dir,
    profile,
    jobs,
    cancelled,
    call,
    async json<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await call(method, path, body === undefined ? undefined : JSON.stringify(body));
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async importAll(grants, importId = 'import-1') {
      const response = await call(
        'POST',
        '/api/import',
        JSON.stringify({ importId, caseId: 'case-1', grants: grants.map((g) => g.id), known: [] }),
      );
      await response.clone().arrayBuffer();
      return response;
    },
    async close() {
      await host.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Kind and status of a refusal. */
export async function refusal(response: Response): Promise<[number, string]> {
  const shape = (await response.json()) as { kind: string; message: string };
  if (!shape.message.endsWith('.') && !shape.message.includes(':')) throw new Error(`not a sentence: ${shape.message}`);
  return [response.status, shape.kind];
}

/** One piece of an upload as the page sends it. */
export function piece(
  path: string,
  bytes: string,
  at: { size?: number; offset?: number; length?: number; refused?: string } = {},
): Uint8Array<ArrayBuffer> {
  const data = new TextEncoder().encode(bytes);
  const header = new TextEncoder().encode(
    JSON.stringify({ path, modified: 1_700_000_000_000, size: data.length, offset: 0, length: data.length, ...at }),
  );
  const whole = new Uint8Array(4 + header.length + data.length);
  new DataView(whole.buffer).setUint32(0, header.length, true);
  whole.set(header, 4);
  whole.set(data, 4 + header.length);
  return whole;
}
