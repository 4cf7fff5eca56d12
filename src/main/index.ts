/**
 * The Electron mount: the host behind the app's own scheme, one window, one process per profile.
 *   electron [flags] <app> [--profile=DIR] [--devtools] [--batch=FILE] [paths…]
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell } from 'electron';
import * as v from 'valibot';
import { toAppError } from '../shared/errors.ts';
import type { AppCommand } from '../shared/host.ts';
import { printPdf } from './electron-pdf.ts';
import { createBatch, ERROR_MARK } from './host/batch.ts';
import { createHost, type Host } from './host/handle.ts';
import { importStarter } from './host/import-adapter.ts';
import { buildMenu } from './menu.ts';
import { parseLaunch } from './options.ts';
import { APP_ORIGIN, hardenApp, hardenSession, isOwnSender, SCHEME } from './security.ts';
import { APP_VERSION } from './version.ts';
import { createWindow } from './window.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const threads = Math.max(2, availableParallelism());

protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
]);
hardenApp();

const options = parseLaunch(ownArguments(process.argv), process.cwd());
const devtools = process.argv.includes('--devtools');
if (options.profile) app.setPath('userData', options.profile);
const profileDir = app.getPath('userData');

let window: BrowserWindow | null = null;
let host: Host | null = null;
/** Paths that came before the host was there. */
const early: string[] = [...options.paths];

/** Run from its folder, the app's own path comes first; packaged, there is none. */
function ownArguments(argv: readonly string[]): string[] {
  const args = argv.slice(1);
  if (!process.defaultApp) return args;
  const app = args.findIndex((arg) => !arg.startsWith('-'));
  return app === -1 ? args : [...args.slice(0, app), ...args.slice(app + 1)];
}

function send(command: AppCommand): void {
  window?.webContents.send('trailcase:command', command);
}

function offer(paths: readonly string[]): void {
  if (!host) {
    early.push(...paths);
    return;
  }
  host.offerPaths(paths);
  if (paths.length > 0) send({ command: 'arguments' });
}

function focus(): void {
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

async function start(): Promise<void> {
  const batch = options.batch === null ? null : await createBatch(options.batch, (code) => app.exit(code));
  hardenSession(session.defaultSession, devtools);
  const assets = [join(process.resourcesPath, 'assets'), join(here, '../../assets')].find((dir) => app.isPackaged && existsSync(dir));
  const assetsDir = assets ?? join(here, '../../assets');

  host = await createHost({
    kind: 'electron',
    version: APP_VERSION,
    versions: { electron: process.versions.electron, chrome: process.versions.chrome, node: process.versions.node },
    threads,
    profileDir,
    staticDir: join(here, '../renderer'),
    assetsDir,
    startImport: importStarter({ threadFile: join(here, 'ingest-thread.js'), threads, appVersion: APP_VERSION }),
    async openDialog(what) {
      const properties: ('openFile' | 'openDirectory' | 'multiSelections')[] =
        what === 'folder' ? ['openDirectory', 'multiSelections'] : ['openFile', 'multiSelections'];
      const title = what === 'folder' ? 'Open a folder of trail archives' : 'Open trail archives';
      const chosen = window
        ? await dialog.showOpenDialog(window, { title, properties })
        : await dialog.showOpenDialog({ title, properties });
      return chosen.canceled ? [] : chosen.filePaths;
    },
    async saveDialog(suggestedName) {
      const chosen = window
        ? await dialog.showSaveDialog(window, { defaultPath: suggestedName })
        : await dialog.showSaveDialog({ defaultPath: suggestedName });
      return chosen.canceled || !chosen.filePath ? null : chosen.filePath;
    },
    printPdf,
    trash: (path) => shell.trashItem(path),
    batch,
  });
  const mounted = host;
  protocol.handle(SCHEME, (request) =>
    request.url.startsWith(`${APP_ORIGIN}/`) ? mounted.handle(request) : new Response(null, { status: 403 }),
  );
  mounted.offerPaths(early);

  ipcMain.handle('trailcase:grant', async (event, paths: unknown) => {
    if (!isOwnSender(event, window) || !v.is(v.array(v.string()), paths)) return [];
    return mounted.grantPaths(paths);
  });

  Menu.setApplicationMenu(batch ? null : buildMenu(send, devtools));
  window = createWindow({
    profileDir,
    preload: join(here, '../preload/preload.cjs'),
    icon: join(assetsDir, 'icon.png'),
    hidden: batch !== null,
    devtools,
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (batch) batch.fail(`The page ended unexpectedly (${reason}).`);
    else if (reason !== 'clean-exit') void showCrash(reason);
  });
  window.on('closed', () => {
    window = null;
  });
  await window.loadURL(`${APP_ORIGIN}/`);
}

/** What is stored is safe: the page can simply be loaded again. */
async function showCrash(reason: string): Promise<void> {
  if (!window || window.isDestroyed()) return;
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The page ended unexpectedly.',
    detail: `Reason: ${reason}. Everything stored so far is kept; an import that was running can be continued.`,
    buttons: ['Reload', 'Quit'],
  });
  if (response === 0) window?.webContents.reload();
  else app.quit();
}

function startFailed(thrown: unknown): void {
  const { message } = toAppError(thrown);
  process.stderr.write(`${options.batch ? ERROR_MARK : ''}Trailcase could not start: ${message}\n`);
  if (!options.batch) dialog.showErrorBox('Trailcase could not start', message);
  app.exit(1);
}

app.setName('Trailcase');
app.setAppUserModelId('io.trailcase.app');
app.setAboutPanelOptions({ applicationName: 'Trailcase', applicationVersion: APP_VERSION });
app.on('open-file', (event, path) => {
  event.preventDefault();
  offer([path]);
});
if (app.requestSingleInstanceLock({ paths: options.paths })) {
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    focus();
    if (v.is(v.object({ paths: v.array(v.string()) }), data)) offer(data.paths);
  });
  // One window is the app, on every system: with it goes the case it had open.
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => void host?.close());
  app.whenReady().then(start).catch(startFailed);
} else {
  process.stderr.write(
    `${options.batch ? ERROR_MARK : ''}Trailcase already runs for this profile; ${options.paths.length > 0 ? 'it was handed the paths' : 'its window was brought to the front'}.\n`,
  );
  app.exit(options.batch ? 1 : 0);
}
