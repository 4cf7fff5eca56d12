/**
 * Names the exports of `src` that no other file names. By words, not by types: quick, and wrong only in the safe direction (a word
 * used elsewhere counts as use). Contracts in src/shared are read by people too: their types are exempt, their values are not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} folder @returns {string[]} */
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });

const EXPORT = /^export\s+(?:declare\s+)?(?:async\s+)?(const|let|function\*?|class|interface|type|enum)\s+([A-Za-z_$][\w$]*)/gm;

const files = [...walk('src'), ...walk('test'), ...walk('scripts'), 'electron.vite.config.ts', 'playwright.config.ts'].map((path) => {
  const text = readFileSync(path, 'utf8');
  return { path, text, words: new Set(text.match(/[A-Za-z_$][\w$]*/g)) };
});
const users = /** @type {Map<string, number>} */ (new Map());
for (const file of files) for (const word of file.words) users.set(word, (users.get(word) ?? 0) + 1);

let unused = 0;
for (const file of files) {
  if (!file.path.startsWith('src')) continue;
  for (const [, kind, name] of file.text.matchAll(EXPORT)) {
    const isContract = file.path.startsWith(join('src', 'shared')) && (kind === 'type' || kind === 'interface');
    if (isContract || (users.get(name) ?? 0) > 1) continue;
    console.error(`${file.path}: ${name} is exported, and no other file names it`);
    unused++;
  }
}
process.exitCode = unused ? 1 : 0;
