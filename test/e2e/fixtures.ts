/** One fixture for both mounts: a fresh profile for each test, the app running in it, and evidence to drop. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { answerOpenDialog, type Driven, drop, launch, saved, waitIdle } from '../../scripts/drive.mjs';
import { generateBulk } from '../../scripts/generate/bulk.mjs';
import type { AppConsole } from '../../src/renderer/app/console.ts';
import { Workbench } from './pages/workbench.ts';

export class App {
  readonly workbench: Workbench;
  constructor(
    readonly driven: Driven,
    readonly folder: string,
  ) {
    this.workbench = new Workbench(driven.page);
  }
  get page(): Page {
    return this.driven.page;
  }
  get mount(): 'electron' | 'web' {
    return this.driven.mount;
  }
  waitIdle(timeout?: number): Promise<void> {
    return waitIdle(this.page, timeout);
  }
  drop(...paths: string[]): Promise<void> {
    return drop(this.page, paths);
  }
  saved(action: () => Promise<void>): Promise<Buffer> {
    return saved(this.driven, this.folder, action);
  }
  answerOpenDialog(...paths: string[]): Promise<void> {
    return answerOpenDialog(this.driven, paths);
  }
  /** What the app holds, asked of its engine: for checks that the screen alone cannot make. */
  ask<T>(question: (app: AppConsole) => Promise<T>): Promise<T> {
    return this.page.evaluate(`(${question})(window.__app)`) as Promise<T>;
  }
  events(): Promise<number> {
    return this.ask(async (app) => (await app.engine.query.status()).events);
  }
}

interface Fixtures {
  host: 'electron' | 'web';
  /** A folder of this test's own, removed afterwards. */
  folder: string;
  /** Starts the app on the test's profile; calling it again (after close or kill) reopens it. */
  start: (options?: { args?: string[]; size?: { width: number; height: number } }) => Promise<App>;
  app: App;
  /** Makes a folder of trail files and gives its path. */
  evidence: (options: { events: number; perFile: number; seed?: number }) => Promise<string>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
  host: async ({}, use, info) => use(info.project.name === 'electron' ? 'electron' : 'web'),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'trailcase-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },
  start: async ({ folder, host }, use) => {
    const running: App[] = [];
    await use(async (options = {}) => {
      const app = new App(await launch({ mount: host, profile: join(folder, 'profile'), ...options }), folder);
      running.push(app);
      await app.waitIdle();
      return app;
    });
    for (const app of running) await app.driven.close().catch(() => undefined);
  },
  app: async ({ start }, use) => {
    const app = await start();
    const errors: string[] = [];
    app.page.on('pageerror', (error) => errors.push(error.message));
    await use(app);
    expect(errors, 'no error was thrown in the page').toEqual([]);
  },
  evidence: async ({ folder }, use) => {
    let made = 0;
    await use(async (options) => {
      const out = join(folder, `evidence-${made++}`);
      await generateBulk({ out, threads: 2, ...options });
      return out;
    });
  },
});

export { expect };
