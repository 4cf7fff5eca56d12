/**
 * `npm run batch`, the page's side: import what was named into a fresh case, write the summary and the report that were asked
 * for, and end the process. Nothing is shown; what happens is told line by line.
 */
import { type Engine, hostCall, printPdf } from '../../engine/client/index.ts';
import { ALL_PARTS, collectReport, renderHtml, renderMarkdown } from '../../engine/client/report.ts';
import { epochMs } from '../../shared/brand.ts';
import type { CaseInfo } from '../../shared/case.ts';
import type { ImportProgress } from '../../shared/commit.ts';
import { toAppError } from '../../shared/errors.ts';
import type { BatchJob } from '../../shared/host.ts';
import { EMPTY_SELECTION } from '../../shared/plan.ts';
import { batchFailure, batchSummary } from './summary.ts';

export type Host = (path: string, init?: RequestInit) => Promise<Response>;

const JSON_HEADERS = { 'Content-Type': 'application/json' };
const post = async (host: Host, path: string, body: unknown): Promise<void> => {
  await host(path, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) });
};

/** Never rejects: a failure is told to the host, which ends the process with 1. */
export async function runBatch(
  engine: Engine,
  host: Host = hostCall,
  print: (html: string) => Promise<BodyInit> = printPdf,
): Promise<void> {
  const say = makeTeller(host);
  try {
    const message = await run(engine, host, print, say.line, say.progress);
    await say.settled();
    await post(host, '/api/batch/end', { ok: message === null, message });
  } catch (thrown) {
    await say.settled();
    await post(host, '/api/batch/end', { ok: false, message: toAppError(thrown).message }).catch((unheard: unknown) =>
      console.error(unheard),
    );
  }
}

async function run(
  engine: Engine,
  host: Host,
  print: (html: string) => Promise<BodyInit>,
  say: (line: string) => void,
  onProgress: (progress: ImportProgress) => void,
): Promise<string | null> {
  const job = (await (await host('/api/batch')).json()) as BatchJob;
  const created = await engine.store.createCase('Batch run');
  await engine.store.openCase(created.id);
  if (job.keys) await engine.store.addKeys(job.keys.label, job.keys.text);
  const began = performance.now();
  const outcome = await engine.store.importGrants(
    job.grants.map(({ id, label }) => ({ id, label })),
    onProgress,
  );
  const importMs = performance.now() - began;
  if (outcome.run.status === 'failed') return outcome.run.reason ?? 'The import failed.';
  say(`${outcome.progress.filesDone} files, ${outcome.progress.records} records in ${(importMs / 1000).toFixed(1)} s`);
  say('Counting');
  await engine.store.copiesCompared();
  const [events, ledger] = await Promise.all([engine.query.batchEvents(), engine.store.ledger()]);
  say('Following credentials');
  const credentials = await engine.query.batchCredentials();
  say('Checking digests');
  const integrity = await engine.store.integrity();
  const coverage = await engine.query.coverage();
  const summary = batchSummary({
    app: engine.app,
    events,
    credentials,
    ledger,
    integrity,
    coverage,
    importMs,
    recordsRead: outcome.progress.records,
  });
  if (job.summary) {
    await host('/api/batch/output?what=summary', { method: 'POST', headers: JSON_HEADERS, body: `${JSON.stringify(summary, null, 2)}\n` });
  }
  const failure = batchFailure(summary);
  if (failure === null && job.report) await writeReport(engine, host, print, job, created, say);
  return failure;
}

async function writeReport(
  engine: Engine,
  host: Host,
  print: (html: string) => Promise<BodyInit>,
  job: BatchJob,
  created: CaseInfo,
  say: (line: string) => void,
): Promise<void> {
  const data = await collectReport(engine, {
    caseName: job.grants.map((g) => g.label).join(', ') || created.name,
    caseCreatedAt: created.createdAt,
    selection: EMPTY_SELECTION,
    utc: true,
    generatedAt: epochMs(Date.now()),
    parts: ALL_PARTS,
    onProgress: say,
  });
  say('Writing the report');
  const body = job.report === 'md' ? renderMarkdown(data) : job.report === 'pdf' ? await print(renderHtml(data)) : renderHtml(data);
  await host('/api/batch/output?what=report', { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body });
}

const TELL_MS = 1000;

interface Teller {
  line(text: string): void;
  progress(progress: ImportProgress): void;
  settled(): Promise<void>;
}

/** Lines in order, one at a time; of progress at most one a second. */
function makeTeller(host: Host): Teller {
  let chain: Promise<void> = Promise.resolve();
  let told = 0;
  const line = (text: string): void => {
    // A line that could not be told is no reason to fail the run.
    chain = chain.then(() => post(host, '/api/batch/progress', { line: text })).catch((thrown: unknown) => console.error(thrown));
  };
  return {
    line,
    progress(p) {
      if (performance.now() - told < TELL_MS && told > 0) return;
      told = performance.now();
      line(`${p.filesDone} of ${p.walking ? 'at least ' : ''}${p.filesFound} files, ${p.records} records`);
    },
    settled: () => chain,
  };
}
