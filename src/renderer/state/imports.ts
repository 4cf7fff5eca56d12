/** Imports as the window sees them: one at a time, what is waiting behind it, its progress, and what came of it. */
import { notifications } from '@mantine/notifications';
import { againstWords, type Engine } from '../../engine/client/index.ts';
import { NO_PROGRESS } from '../../shared/commit.ts';
import type { ImportOutcome } from '../../shared/engine.ts';
import type { Grant } from '../../shared/host.ts';
import { countOf } from '../components/numbers.ts';
import { type ImportResult, useApp } from './app.ts';
import { createAndOpenCase } from './cases.ts';
import { hostJson } from './host.ts';
import { idle } from './idle.ts';
import { tell, tellFailure } from './messages.ts';

/** What was dropped while an import ran, and on which case. */
const waiting: { caseId: string | null; grants: Grant[] }[] = [];
const waitingItems = (): number => waiting.reduce((sum, { grants }) => sum + grants.length, 0);
let running = false;

/** Speed over the last seconds, so that it neither jumps nor remembers the slow start for ever. */
export function makeRate(windowMs = 4000): (records: number, at: number) => number | null {
  const samples: { at: number; records: number }[] = [];
  return (records, at) => {
    samples.push({ at, records });
    while (samples.length > 2 && at - samples[0].at > windowMs) samples.shift();
    const first = samples[0];
    const elapsed = at - first.at;
    return elapsed < 300 ? null : ((records - first.records) / elapsed) * 1000;
  };
}

/** Name for a case that a drop creates: that of what was dropped first, without its extension. */
export function caseNameFor(grants: readonly { label: string }[]): string {
  const label = grants[0]?.label ?? '';
  const name = label
    .split(/[\\/]/)
    .findLast((part) => part !== '')
    ?.replace(/\.(json|gz|zip|tar|tgz|ndjson|jsonl)$/i, '')
    .replace(/\.json$/i, '')
    .trim();
  return name || 'Untitled case';
}

/** Imports into the open case; without one, into a new case named by what was dropped. Waits behind an import that runs. */
export async function importGrants(engine: Engine, grants: Grant[], caseName?: string): Promise<void> {
  if (grants.length === 0) return;
  if (running) {
    waiting.push({ caseId: useApp.getState().opened?.info.id ?? null, grants });
    noteWaiting();
    tell(`${countOf(grants.length, 'item')} will be imported when the running import has ended.`, 'Waiting');
    return;
  }
  running = true;
  const done = idle.begin();
  try {
    if (!useApp.getState().opened && !(await createAndOpenCase(engine, caseName ?? caseNameFor(grants)))) return;
    const opened = useApp.getState().opened;
    if (opened?.access === 'read') {
      tell('Another window holds this case: import there, or close it and open the case again here.', 'This window can only read');
      return;
    }
    if (useApp.getState().route.view === 'cases') useApp.getState().navigate({ view: 'overview' });
    await runImport(engine, grants);
  } catch (thrown) {
    tellFailure('The import stopped.', thrown);
  } finally {
    useApp.getState().set({ importing: null });
    running = false;
    done();
  }
  const next = waiting.shift();
  if (!next) return;
  const openedId = useApp.getState().opened?.info.id ?? null;
  if (next.caseId === null || next.caseId === openedId) await importGrants(engine, next.grants);
  else {
    const count = waitingItems() + next.grants.length;
    waiting.length = 0;
    tell(
      `${countOf(count, 'item')} that waited for the import: not imported, because the case was closed. Drop them again.`,
      'Not imported',
    );
  }
}

function noteWaiting(): void {
  const { importing, set } = useApp.getState();
  if (importing) set({ importing: { ...importing, waiting: waitingItems() } });
}

async function runImport(engine: Engine, grants: Grant[]): Promise<void> {
  const startedAt = Date.now();
  const rate = makeRate();
  useApp
    .getState()
    .set({ importing: { progress: NO_PROGRESS, startedAt, rate: null, cancelling: false, waiting: waitingItems() }, importResult: null });
  const outcome = await engine.store.importGrants(
    grants.map(({ id, label }) => ({ id, label })),
    (progress) => {
      const { importing, set } = useApp.getState();
      set({
        importing: {
          progress,
          startedAt,
          rate: progress.paused ? null : rate(progress.records, Date.now()),
          cancelling: importing?.cancelling ?? false,
          waiting: waitingItems(),
        },
      });
    },
  );
  const info = (await engine.store.listCases()).find((c) => c.id === useApp.getState().opened?.info.id);
  const { opened, set } = useApp.getState();
  if (opened) set({ opened: { ...opened, info: info ?? opened.info, interrupted: [] } });
  void tellIntegrity(engine, tellOutcome(outcome, Date.now() - startedAt));
}

/** Ends the import that runs; what was dropped meanwhile is imported next. */
export async function cancelImport(engine: Engine): Promise<void> {
  const { importing, set } = useApp.getState();
  if (!importing) return;
  set({ importing: { ...importing, cancelling: true } });
  await engine.store.cancelImport().catch((thrown: unknown) => tellFailure('The import could not be cancelled.', thrown));
}

/** What was dropped while the import ran is not imported after it. */
export function forgetWaiting(): void {
  waiting.length = 0;
  noteWaiting();
}

export async function pauseImport(engine: Engine, paused: boolean): Promise<void> {
  const call = paused ? engine.store.pauseImport() : engine.store.resumeImport();
  await call.catch((thrown: unknown) => tellFailure(`The import could not be ${paused ? 'paused' : 'resumed'}.`, thrown));
}

/** Pauses, or goes on when it is paused: for one key. */
export async function togglePause(engine: Engine): Promise<void> {
  const { importing } = useApp.getState();
  if (!importing || importing.cancelling) tell('No import is running.', 'Nothing to pause');
  else if (importing.progress.paused && importing.progress.resumable === false) tell(importing.progress.paused, 'Paused');
  else await pauseImport(engine, !importing.progress.paused);
}

/** The outcome in one sentence. */
export function outcomeSentence({ progress, cancelled, stayWithdrawn }: ImportOutcome, ms: number): string {
  const parts = [
    `${countOf(progress.records, 'record')} from ${countOf(progress.filesDone, 'file')} in ${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`,
  ];
  if (progress.filesRepeated > 0) parts.push(`${countOf(progress.filesRepeated, 'file')} already in the case`);
  if (progress.filesRejected > 0) parts.push(`${countOf(progress.filesRejected, 'file')} rejected`);
  const unread = progress.filesFound - progress.filesDone;
  if (cancelled && unread > 0) parts.push(`${countOf(unread, 'file')} found and not read`);
  const stay = stayWithdrawn
    ? ` ${stayWithdrawn === 1 ? '1 withdrawn file was seen again and stays' : `${stayWithdrawn} withdrawn files were seen again and stay`} withdrawn: bring back what you want in Evidence.`
    : '';
  const text = `${parts.join(', ')}.${stay}`;
  return cancelled ? `${text} What was wholly read is kept; import the same again to continue.` : text;
}

/** In the status bar, where it covers nothing and stays until it was read. */
function tellOutcome(outcome: ImportOutcome, ms: number): ImportResult {
  const failed = outcome.run.status === 'failed';
  const odd = outcome.cancelled || outcome.progress.filesRejected > 0;
  const importResult: ImportResult = {
    tone: failed ? 'failed' : odd ? 'odd' : 'done',
    title: failed ? 'The import failed' : outcome.cancelled ? 'Import cancelled' : 'Import done',
    sentence: `${failed && outcome.run.reason ? `${outcome.run.reason} ` : ''}${outcomeSentence(outcome, ms)}`,
  };
  useApp.getState().set({ importResult });
  return importResult;
}

/** Adds what the digests say against the evidence, once they were checked; nothing when the result was dismissed meanwhile. Never rejects. */
async function tellIntegrity(engine: Engine, result: ImportResult): Promise<void> {
  try {
    const against = againstWords(await engine.store.integritySums());
    const { importResult, set } = useApp.getState();
    if (against === null || importResult !== result) return;
    set({ importResult: { ...result, tone: result.tone === 'done' ? 'odd' : result.tone, sentence: `${result.sentence} ${against}` } });
  } catch {
    // A check that failed is told where verdicts are shown.
  }
}

async function postForGrants(path: string, body?: string, type = 'application/json'): Promise<Grant[]> {
  return (
    await hostJson<{ grants: Grant[] }>(path, {
      method: 'POST',
      ...(body === undefined ? {} : { body, headers: { 'Content-Type': type } }),
    })
  ).grants;
}

/** The sample trail that comes with the app, in a case of its own. */
export async function importSample(engine: Engine): Promise<void> {
  try {
    const grants = await postForGrants('/api/sample');
    if (await createAndOpenCase(engine, 'Sample trail')) await importGrants(engine, grants);
  } catch (thrown) {
    tellFailure('The sample trail could not be read.', thrown);
  }
}

/** The native dialog of the host. */
export async function openByDialog(engine: Engine, what: 'files' | 'folder'): Promise<void> {
  try {
    await importGrants(engine, await postForGrants('/api/open', JSON.stringify({ what })));
  } catch (thrown) {
    tellFailure(`The ${what} could not be opened.`, thrown);
  }
}

/** What came with the command line or from the system since the last time; each is given once. */
export async function takeArguments(): Promise<Grant[]> {
  try {
    return (await hostJson<{ grants: Grant[] }>('/api/arguments')).grants;
  } catch (thrown) {
    tellFailure('What was named on the command line could not be read.', thrown);
    return [];
  }
}

/** Files that the system asked this window to open: like a drop. */
export async function importArguments(engine: Engine): Promise<void> {
  await importGrants(engine, await takeArguments());
}

/** Rejects with the host's error, for the dialog to show. */
export async function importPasted(engine: Engine, text: string): Promise<void> {
  const grants = await postForGrants('/api/paste', text, 'text/plain');
  void importGrants(engine, grants, 'Pasted records');
}

/** Imports the roots of the case's earlier imports again: after a kill, or to rebuild a lost case. Files that are in are not read twice. */
export async function importOriginals(engine: Engine): Promise<void> {
  const id = useApp.getState().opened?.info.id;
  if (!id) return;
  try {
    const path = `/api/journal/${encodeURIComponent(id)}/originals`;
    const { grants, missing } = await hostJson<{ grants: Grant[]; missing: string[] }>(path, { method: 'POST' });
    if (missing.length > 0) {
      notifications.show({
        color: 'yellow',
        title: 'Some originals are not where they were',
        message: `Drop them on the window to add them: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}.`,
        autoClose: false,
      });
    }
    await importGrants(engine, grants);
  } catch (thrown) {
    tellFailure('The originals could not be found.', thrown);
  }
}
