/** `window.__app`: what end-to-end tests wait for, and a console for whoever wants to look under the hood. */
import type { Engine } from '../../engine/client/index.ts';
import { useApp } from '../state/app.ts';
import { idle } from '../state/idle.ts';
import { useSelection } from '../state/selection.ts';

export interface AppConsole {
  /** True when no query, import or opening is pending. */
  idle(): boolean;
  engine: Engine;
  app: typeof useApp;
  selection: typeof useSelection;
  /** Last plans with their times, newest first. */
  queryLog(): Promise<{ view: string; ms: number; asks: string[]; at: number }[]>;
}

declare global {
  interface Window {
    __app?: AppConsole;
  }
}

export function installConsole(engine: Engine): void {
  window.__app = {
    idle: () => useApp.getState().ready && idle.isIdle(),
    engine,
    app: useApp,
    selection: useSelection,
    queryLog: () => engine.query.queryLog(),
  };
}
