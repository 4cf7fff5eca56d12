/** Accessibility of what is on screen, by axe's rules. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { App } from './fixtures.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Serious and critical violations; the script runs through the debugger, over which the content security policy has no say. */
export async function violations(app: App): Promise<string[]> {
  await app.page.evaluate(readFileSync(axe, 'utf8'));
  const results = (await app.page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return results.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
}
