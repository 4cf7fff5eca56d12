/**
 * What the shell refuses, whatever the page wants: navigation, windows, permissions, devices, downloads, and every request that is
 * not to the app's own origin. The page's CSP says the same; this holds when a bug gets round it.
 */
import { app, type BrowserWindow, type IpcMainInvokeEvent, type Session, type WebContents } from 'electron';

export const SCHEME = 'trailcase';
export const APP_ORIGIN = `${SCHEME}://app`;

/** The page's own address, with or without fragment. */
export function isAppUrl(url: string): boolean {
  return url === `${APP_ORIGIN}/` || url.startsWith(`${APP_ORIGIN}/#`);
}

/** Before `ready`. */
export function hardenApp(): void {
  // As root Chromium starts without its sandbox only, and the two together end every child process. The windows ask for it anyway.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  // No name is ever looked up: hostile evidence must not call home through a prefetch either.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.commandLine.appendSwitch('dns-prefetch-disable');
  app.commandLine.appendSwitch('no-pings');
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, accept) => {
    event.preventDefault();
    accept(false);
  });
  app.on('select-client-certificate', (event) => event.preventDefault());
  app.on('login', (event) => event.preventDefault());
}

function hardenContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** `devtools` leaves the developer tools' own requests alone. */
export function hardenSession(session: Session, devtools: boolean): void {
  // Keeping IndexedDB is the one thing the page may ask for.
  const allowed = (permission: string, url: string | undefined): boolean =>
    (permission === 'persistent-storage' || permission === 'durable-storage') && url !== undefined && url.startsWith(`${APP_ORIGIN}/`);
  session.setPermissionRequestHandler((contents, permission, done) => done(allowed(permission, contents?.getURL())));
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, `${origin.replace(/\/$/, '')}/`));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, done) => done({}));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, done) => {
    const { protocol, origin } = safeUrl(details.url);
    const own = protocol === `${SCHEME}:` || protocol === 'blob:' || protocol === 'data:';
    done({ cancel: !(own || (devtools && (protocol === 'devtools:' || origin === 'devtools://devtools'))) });
  });
}

function safeUrl(url: string): { protocol: string; origin: string } {
  try {
    return new URL(url);
  } catch {
    return { protocol: '', origin: '' };
  }
}

/** Only the page in our own window may call: not a frame, not another window. */
export function isOwnSender(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  return (
    window !== null &&
    !window.isDestroyed() &&
    event.sender === window.webContents &&
    event.senderFrame === window.webContents.mainFrame &&
    isAppUrl(event.senderFrame.url)
  );
}
