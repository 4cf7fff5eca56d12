/** Every view in both themes, without serious violations of axe's rules, at two widths of window. */
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { App } from './fixtures.ts';
import { expect, test } from './fixtures.ts';
import type { ViewName } from './pages/workbench.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const VIEWS: readonly ViewName[] = ['Overview', 'Events', 'Principals', 'Resources', 'Evidence', 'Notebook'];

/** Runs axe inside the page; the content security policy has no say over scripts of the debugger. */
async function violations(app: App): Promise<string[]> {
  const { source } = { source: await import('node:fs').then((fs) => fs.readFileSync(axe, 'utf8')) };
  await app.page.evaluate(source);
  const results = (await app.page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return results.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
}

for (const theme of ['light', 'dark'] as const) {
  test(`no serious violations in the ${theme} theme`, async ({ app }) => {
    test.setTimeout(180_000);
    while (!(await app.page.getByRole('button', { name: `Change the theme, now ${theme}` }).isVisible()))
      await app.page.getByRole('button', { name: /^Change the theme/ }).click();
    expect.soft(await violations(app), 'first start').toEqual([]);
    await app.workbench.openSample();
    await app.waitIdle();
    for (const view of VIEWS) {
      await app.workbench.go(view);
      await app.waitIdle();
      if (view === 'Events') {
        await app.page.getByRole('grid', { name: 'Events' }).focus();
        await app.page.keyboard.press('Enter');
        await app.waitIdle();
      }
      expect.soft(await violations(app), view).toEqual([]);
    }
  });
}
