/** End-to-end tests: the same specs on both mounts. Run them by `npm test`, which builds first and finds browser and runtime. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/playwright',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: { trace: 'retain-on-failure' },
  projects: [
    // The project's name is the mount (test/e2e/fixtures.ts).
    { name: 'web' },
    { name: 'electron' },
  ],
});
