/** The one window: its place and size are kept in the profile; it shows itself when there is something to see. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron';
import * as v from 'valibot';

const StateSchema = v.object({
  x: v.number(),
  y: v.number(),
  width: v.number(),
  height: v.number(),
  maximised: v.boolean(),
});
type WindowState = v.InferOutput<typeof StateSchema>;

const MIN_WIDTH = 960;
const MIN_HEIGHT = 600;

/** The page's own backgrounds, so that nothing flashes before it is drawn. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff');

export interface WindowOptions {
  profileDir: string;
  preload: string;
  icon: string;
  /** Never shown: `npm run batch`. */
  hidden: boolean;
  devtools: boolean;
}

export function createWindow(options: WindowOptions): BrowserWindow {
  const file = join(options.profileDir, 'window.json');
  const kept = options.hidden ? null : readState(file);
  const window = new BrowserWindow({
    ...(kept && isVisible(kept) ? { x: kept.x, y: kept.y } : {}),
    width: kept?.width ?? 1440,
    height: kept?.height ?? 900,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Trailcase',
    icon: options.icon,
    backgroundColor: background(),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      navigateOnDragDrop: false,
      spellcheck: false,
      // An import goes on while another window is in front.
      backgroundThrottling: false,
      devTools: options.devtools,
    },
  });
  if (options.hidden) return window;
  window.once('ready-to-show', () => {
    if (kept?.maximised) window.maximize();
    window.show();
  });
  window.on('close', () => writeState(file, window));
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(background());
  });
  return window;
}

function readState(file: string): WindowState | null {
  try {
    const state = v.parse(StateSchema, JSON.parse(readFileSync(file, 'utf8')));
    return { ...state, width: Math.max(MIN_WIDTH, state.width), height: Math.max(MIN_HEIGHT, state.height) };
  } catch {
    return null;
  }
}

function writeState(file: string, window: BrowserWindow): void {
  const state: WindowState = { ...window.getNormalBounds(), maximised: window.isMaximized() };
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${JSON.stringify(state)}\n`);
  } catch {
    // The window opens at its usual place next time.
  }
}

/** A screen that was unplugged must not keep the window out of sight: its title bar has to lie on some screen. */
function isVisible(state: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea: area }) => {
    const across = Math.min(state.x + state.width, area.x + area.width) - Math.max(state.x, area.x);
    return across >= 100 && state.y >= area.y && state.y < area.y + area.height - 50;
  });
}
