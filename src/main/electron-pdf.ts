/** Prints a report in a window of its own that nobody sees, in a session that can reach nothing but this one document. */
import { randomUUID } from 'node:crypto';
import { BrowserWindow, session } from 'electron';
import { AppError } from '../shared/errors.ts';
import { PRINT_HEADERS } from './host/static.ts';
import { SCHEME } from './security.ts';

export async function printPdf(html: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  // No `persist:`, so it lives in memory; a fresh name, so that nothing of an earlier report is in it.
  const apart = session.fromPartition(`print-${randomUUID()}`);
  const url = `${SCHEME}://print/`;
  apart.protocol.handle(SCHEME, (request) =>
    request.url === url ? new Response(html, { headers: PRINT_HEADERS }) : new Response(null, { status: 404 }),
  );
  apart.setPermissionRequestHandler((_contents, _permission, done) => done(false));
  apart.setPermissionCheckHandler(() => false);
  apart.webRequest.onBeforeRequest((details, done) => done({ cancel: details.url !== url && !details.url.startsWith('data:') }));
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: apart, sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  try {
    await window.loadURL(url);
    const pdf = await window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true, pageSize: 'A4' });
    return new Uint8Array(pdf);
  } catch (thrown) {
    throw new AppError('internal', `The report could not be printed: ${(thrown as Error).message}. Export it as HTML.`);
  } finally {
    window.destroy();
    apart.protocol.unhandle(SCHEME);
  }
}
