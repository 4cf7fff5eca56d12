/**
 * The mount for machines without Electron: the host behind Node's http on 127.0.0.1, shown by an installed browser.
 *   node out/main/local-server.js [--profile=DIR] [--no-browser | --headless] [--batch=FILE] [paths…]
 * Prints one line `Trailcase: http://127.0.0.1:PORT/#token=…`; the link works once (Enter prints another).
 */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, toAppError } from '../shared/errors.ts';
import { LAUNCH_FRAGMENT } from '../shared/host.ts';
import { createBatch, ERROR_MARK } from './host/batch.ts';
import { createHost, type Host } from './host/handle.ts';
import { importStarter } from './host/import-adapter.ts';
import { PRINT_HEADERS } from './host/static.ts';
import { type LaunchOptions, parseLaunch } from './options.ts';
import { sendResponse, toRequest } from './server/bridge.ts';
import { endBrowser, findBrowser, openBrowser, printPage } from './server/browser.ts';
import { createGuard } from './server/guard.ts';
import { listenForProfile } from './server/port.ts';
import { APP_VERSION } from './version.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const threads = Math.max(2, availableParallelism());

function usualProfile(): string {
  if (process.platform === 'win32') return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Trailcase', 'local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Trailcase', 'local');
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Trailcase', 'local');
}

async function main(options: LaunchOptions): Promise<void> {
  const profileDir = options.profile ?? usualProfile();
  const browser = findBrowser();
  const toPrint = new Map<string, Uint8Array<ArrayBuffer>>();
  let window: ChildProcess | null = null;
  let host: Host | null = null;

  const stop = (code: number): void => {
    if (window) endBrowser(window);
    server.close();
    void (host?.close() ?? Promise.resolve()).finally(() => process.exit(code));
  };
  const batch = options.batch === null ? null : await createBatch(options.batch, stop);
  if (batch && !browser) throw new AppError('not-supported', 'No Chromium, Chrome or Edge was found; TRAILCASE_BROWSER can name one.');

  // The port first: it is also what keeps a second process from the profile.
  const server = createServer({ requestTimeout: 0, headersTimeout: 20_000 });
  const port = await listenForProfile(server, profileDir);
  const authority = `127.0.0.1:${port}`;
  const origin = `http://${authority}`;
  const guard = createGuard(authority);

  const mounted = await createHost({
    kind: 'web',
    version: APP_VERSION,
    versions: { node: process.versions.node },
    threads,
    profileDir,
    staticDir: join(here, '../renderer'),
    assetsDir: join(here, '../../assets'),
    startImport: importStarter({ threadFile: join(here, 'ingest-thread.js'), threads, appVersion: APP_VERSION }),
    openDialog: null,
    saveDialog: null,
    async printPdf(html) {
      if (!browser) {
        throw new AppError('not-supported', 'No Chromium, Chrome or Edge was found to print with. Export the report as HTML.');
      }
      const token = randomUUID();
      toPrint.set(token, html);
      try {
        return await printPage(browser, `${origin}/print/${token}`);
      } finally {
        toPrint.delete(token);
      }
    },
    trash: null,
    batch,
  });
  host = mounted;
  mounted.offerPaths(options.paths);

  server.on('request', (message, out) => {
    const respond = async (): Promise<Response> => {
      const request = toRequest(message, origin);
      if (!request) return new Response(null, { status: 400 });
      const refused = await guard.check(request, message.headers.host);
      if (refused) return refused;
      const printed = /^\/print\/([\w-]+)$/.exec(new URL(request.url).pathname)?.[1];
      if (printed && request.method === 'GET') {
        const html = toPrint.get(printed);
        toPrint.delete(printed);
        if (html) return new Response(html, { headers: PRINT_HEADERS });
      }
      return mounted.handle(request);
    };
    respond().then(
      (response) => sendResponse(response, out),
      () => out.destroy(),
    );
  });

  const launchUrl = (): string => `${origin}/#${LAUNCH_FRAGMENT}${guard.launchToken()}`;
  process.on('SIGINT', () => stop(batch ? 1 : 0));
  process.on('SIGTERM', () => stop(batch ? 1 : 0));

  if (options.noBrowser || !browser) {
    if (!browser && !options.noBrowser) process.stdout.write('No Chromium, Chrome or Edge was found. Open this link in one:\n');
    process.stdout.write(`Trailcase: ${launchUrl()}\n`);
    if (process.stdin.isTTY) process.stdin.on('data', () => process.stdout.write(`Trailcase: ${launchUrl()}\n`));
    return;
  }
  window = openBrowser(browser, { url: launchUrl(), profile: join(profileDir, 'browser'), headless: options.headless || batch !== null });
  window.once('error', (thrown) => (batch ? batch.fail(`The browser did not start: ${thrown.message}`) : stop(1)));
  window.once('exit', () => (batch ? batch.fail('The browser ended before the run did.') : stop(0)));
  if (!batch)
    process.stdout.write(
      `Trailcase runs at ${origin}${options.headless ? ' in a browser without a window' : ''}. Close its window or press Ctrl-C to end it.\n`,
    );
}

const options = parseLaunch(process.argv.slice(2), process.cwd());
main(options).catch((thrown: unknown) => {
  process.stderr.write(`${options.batch ? ERROR_MARK : ''}${toAppError(thrown).message}\n`);
  process.exit(1);
});
