/**
 * The host: one function from Request to Response, the same behind Electron's scheme and behind the local server. It knows no
 * browser and no Electron; what differs comes in as a `Platform`. Routes and bodies are listed in `shared/host.ts`.
 */
import { mkdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { CaseId, GrantId, ImportId, Sha256 } from '../../shared/brand.ts';
import { AppError } from '../../shared/errors.ts';
import type { AppInfo, BatchJob, Grant } from '../../shared/host.ts';
import { createGrants } from './grants.ts';
import { createImports } from './imports.ts';
import { createJournals, MAX_JOURNAL_BODY } from './journals.ts';
import type { Platform } from './platform.ts';
import { answer, dispatch, IdSchema, json, parseId, type Route, readBytes, readJson, readText } from './route.ts';
import { attachment, createSaves } from './saves.ts';
import { createSpool } from './spool.ts';
import { createStatic } from './static.ts';
import { MAX_PACKED, MAX_UNPACKED, unpackBlock } from './unpack.ts';
import { createVerifications } from './verify.ts';

export interface Host {
  handle(request: Request): Promise<Response>;
  /** Grants for paths that the person named outside the page (dropped files, resolved by the preload). */
  grantPaths(paths: readonly string[]): Promise<Grant[]>;
  /** Paths from the command line or the system, to be fetched from /api/arguments. */
  offerPaths(paths: readonly string[]): void;
  /** Ends imports and gives up unfinished saves. */
  close(): Promise<void>;
}

const MAX_PASTE = 64 * 1024 * 1024;
const MAX_REPORT = 512 * 1024 * 1024;
/** A case of millions of files names each of them as known. */
const MAX_IMPORT_REQUEST = 512 * 1024 * 1024;

const PauseSchema = v.object({ reason: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)) });
const OpenSchema = v.object({ what: v.picklist(['files', 'folder']) });
const SaveSchema = v.object({
  suggestedName: v.pipe(v.string(), v.maxLength(300)),
  mimeType: v.pipe(v.string(), v.regex(/^[a-z]+\/[a-z0-9.+-]+(; ?charset=utf-8)?$/i, 'not a media type')),
});
const ImportSchema = v.object({
  importId: IdSchema,
  caseId: IdSchema,
  grants: v.pipe(v.array(v.string()), v.minLength(1)),
  known: v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256'))),
});
const VerifySchema = v.object({
  caseId: IdSchema,
  grants: v.array(v.string()),
  known: ImportSchema.entries.known,
  paths: v.nullable(v.array(v.pipe(v.string(), v.maxLength(40_000)))),
});
const UnpackSchema = v.object({
  packing: v.picklist(['gzip', 'deflate', 'stored']),
  limit: v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'not a number of bytes'), v.transform(Number), v.maxValue(MAX_UNPACKED)),
});
const ProgressSchema = v.object({ line: v.pipe(v.string(), v.maxLength(10_000)) });
const EndSchema = v.object({ ok: v.boolean(), message: v.optional(v.nullable(v.string())) });
const OutputSchema = v.picklist(['summary', 'report']);

export async function createHost(platform: Platform): Promise<Host> {
  await mkdir(platform.profileDir, { recursive: true, mode: 0o700 });
  const grants = createGrants();
  const spool = await createSpool(platform.profileDir, grants);
  const journals = await createJournals(platform.profileDir, platform.trash);
  const saves = createSaves(platform, spool);
  const files = await createStatic(platform.staticDir);
  const imports = createImports(platform, grants, journals);
  const verifications = createVerifications(platform, grants);
  let offered: string[] = [];

  const batch = (): NonNullable<Platform['batch']> => {
    if (!platform.batch) throw new AppError('not-found', 'This is not a batch run.');
    return platform.batch;
  };

  const app = (): AppInfo => ({
    version: platform.version,
    host: platform.kind,
    platform: process.platform,
    threads: platform.threads,
    versions: platform.versions,
    batch: platform.batch !== null,
  });

  const routes: Route[] = [
    ['GET', '/api/app', () => json(app())],
    [
      'POST',
      '/api/open',
      async ({ request }) => {
        const { what } = await readJson(request, OpenSchema);
        if (!platform.openDialog) throw new AppError('not-supported', 'Choose files in the browser, or drop them on the window.');
        return json({ grants: await grants.addPaths(await platform.openDialog(what)) });
      },
    ],
    [
      'GET',
      '/api/arguments',
      async () => {
        const paths = offered;
        offered = [];
        return json({ grants: await grants.addPaths(paths) });
      },
    ],
    [
      'POST',
      '/api/sample',
      async () => {
        const name = 'sample-trail.zip';
        const found = await grants.addPaths([join(platform.assetsDir, name)], name);
        if (found.length === 0) throw new AppError('not-found', 'The sample trail is missing from this installation.');
        return json({ grants: found });
      },
    ],
    [
      'POST',
      '/api/paste',
      async ({ request }) => json({ grants: [await spool.paste(await readBytes(request, MAX_PASTE, 'pasted text'))] }),
    ],
    ['POST', '/api/upload', async () => json({ upload: await spool.beginUpload() })],
    [
      'PUT',
      '/api/upload/:upload',
      async ({ request, params }) => {
        await spool.takePieces(params.upload, request.body);
        return json({});
      },
    ],
    ['POST', '/api/upload/:upload/finish', async ({ params }) => json({ grants: await spool.finishUpload(params.upload) })],
    [
      'POST',
      '/api/import',
      async ({ request }) => {
        const body = await readJson(request, ImportSchema, MAX_IMPORT_REQUEST);
        const stream = await imports.start({
          importId: body.importId as ImportId,
          caseId: body.caseId as CaseId,
          grants: body.grants as GrantId[],
          known: body.known as Sha256[],
        });
        return answer(stream, { 'Content-Type': 'application/octet-stream' });
      },
    ],
    [
      'POST',
      '/api/import/:import/cancel',
      ({ params }) => {
        imports.cancel(params.import);
        return json({});
      },
    ],
    [
      'POST',
      '/api/import/:import/pause',
      async ({ request, params }) => {
        const { reason } = await readJson(request, PauseSchema);
        imports.pause(params.import, reason);
        return json({});
      },
    ],
    [
      'POST',
      '/api/import/:import/resume',
      ({ params }) => {
        imports.pause(params.import, null);
        return json({});
      },
    ],
    [
      'POST',
      '/api/verify',
      async ({ request }) => {
        const body = await readJson(request, VerifySchema, MAX_IMPORT_REQUEST);
        const stream = await verifications.start({
          caseId: body.caseId as CaseId,
          grants: body.grants as GrantId[],
          known: body.known as Sha256[],
          paths: body.paths,
        });
        return answer(stream, { 'Content-Type': 'application/octet-stream' });
      },
    ],
    [
      'POST',
      '/api/unpack',
      async ({ request, url }) => {
        const query = v.safeParse(UnpackSchema, Object.fromEntries(url.searchParams));
        if (!query.success) throw new AppError('bad-input', `The unpack request is malformed: ${query.issues[0].message}`);
        const packed = await readBytes(request, MAX_PACKED, 'packed block');
        const bytes = await unpackBlock(packed, query.output.packing, query.output.limit);
        return answer(bytes, { 'Content-Type': 'application/octet-stream' });
      },
    ],
    [
      'GET',
      '/api/disk',
      async () => {
        const disk = await statfs(platform.profileDir);
        return json({ freeBytes: disk.bavail * disk.bsize });
      },
    ],
    ['GET', '/api/journals', async () => json({ cases: await journals.list() })],
    [
      'GET',
      '/api/journal/:case',
      async ({ params }) => answer(await journals.read(parseId(params.case, 'case')), { 'Content-Type': 'application/x-ndjson' }),
    ],
    [
      'POST',
      '/api/journal/:case',
      async ({ request, params }) => {
        const caseId = parseId(params.case, 'case');
        await journals.append(caseId, await readText(request, MAX_JOURNAL_BODY, 'journal entry'));
        return json({});
      },
    ],
    [
      'DELETE',
      '/api/journal/:case',
      async ({ params }) => {
        await journals.remove(parseId(params.case, 'case'));
        return json({});
      },
    ],
    [
      'POST',
      '/api/journal/:case/originals',
      async ({ params }) => {
        const caseId = parseId(params.case, 'case');
        const roots = await journals.roots(caseId);
        const found: Grant[] = [];
        const missing: string[] = [];
        for (const { label, path } of roots) {
          const given = path === null || !(await stat(path).catch(() => null)) ? [] : await grants.addPaths([path]);
          if (given.length > 0) found.push(...given);
          else missing.push(path ?? label);
        }
        return json({ grants: found, missing, lost: await journals.lostRoots(caseId) });
      },
    ],
    [
      'POST',
      '/api/save',
      async ({ request }) => {
        const { suggestedName, mimeType } = await readJson(request, SaveSchema);
        const save = await saves.begin(suggestedName, mimeType);
        return json(save === null ? { cancelled: true } : { save });
      },
    ],
    [
      'PUT',
      '/api/save/:save',
      async ({ request, params }) => {
        await saves.append(params.save, request.body);
        return json({});
      },
    ],
    ['POST', '/api/save/:save/finish', async ({ params }) => json(await saves.finish(params.save))],
    [
      'DELETE',
      '/api/save/:save',
      async ({ params }) => {
        await saves.cancel(params.save);
        return json({});
      },
    ],
    [
      'GET',
      '/api/download/:token',
      ({ params }) => {
        const { body, name, mimeType } = spool.takeDownload(params.token);
        return answer(body, { 'Content-Type': mimeType, 'Content-Disposition': attachment(name) });
      },
    ],
    [
      'POST',
      '/api/pdf',
      async ({ request }) =>
        answer(await platform.printPdf(await readBytes(request, MAX_REPORT, 'report')), { 'Content-Type': 'application/pdf' }),
    ],
    [
      'GET',
      '/api/batch',
      async () => {
        const { paths, report, keys } = batch();
        const job: BatchJob = { grants: await grants.addPaths(paths), summary: true, report, keys };
        return json(job);
      },
    ],
    [
      'POST',
      '/api/batch/progress',
      async ({ request }) => {
        batch().progress((await readJson(request, ProgressSchema)).line);
        return json({});
      },
    ],
    [
      'POST',
      '/api/batch/output',
      async ({ request, url }) => {
        const what = v.safeParse(OutputSchema, url.searchParams.get('what'));
        if (!what.success) throw new AppError('bad-input', 'A batch run writes a summary or a report.');
        await batch().output(what.output, request.body);
        return json({});
      },
    ],
    [
      'POST',
      '/api/batch/end',
      async ({ request }) => {
        const { ok, message } = await readJson(request, EndSchema);
        batch().end(ok, message ?? null);
        return json({});
      },
    ],
  ];

  return {
    async handle(request) {
      const url = new URL(request.url);
      platform.batch?.touch();
      if (url.pathname === '/api' || url.pathname.startsWith('/api/')) return dispatch(routes, request, url);
      return files.serve(request, url.pathname);
    },
    grantPaths: (paths) => grants.addPaths(paths),
    offerPaths(paths) {
      offered.push(...paths);
    },
    async close() {
      await imports.close();
      await verifications.close();
      await saves.close();
    },
  };
}
