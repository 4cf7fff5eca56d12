/**
 * Names the exports of `src` that nothing names, neither another file nor their own: dead code. By words, not by types: quick, and wrong
 * only in the safe direction (a word used elsewhere counts as use). Types of src/shared are contracts and exempt.
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

const files = [...walk('src'), ...walk('test'), ...walk('scripts')].map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const uses = /** @type {Map<string, number>} */ (new Map());
for (const { text } of files) for (const word of text.match(/[A-Za-z_$][\w$]*/g) ?? []) uses.set(word, (uses.get(word) ?? 0) + 1);

let dead = 0;
for (const file of files) {
  if (!file.path.startsWith('src')) continue;
  for (const [, kind, name] of file.text.matchAll(EXPORT)) {
    const isContract = file.path.startsWith(join('src', 'shared')) && (kind === 'type' || kind === 'interface');
    if (isContract || (uses.get(name) ?? 0) > 1) continue;
    console.error(`${file.path}: ${name} is exported, and nothing names it`);
    dead++;
  }
}
process.exitCode = dead ? 1 : 0;
