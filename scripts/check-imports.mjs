/**
 * Import directions are a test. Every file of `src` belongs to a layer; a layer may import only the layers listed for it, and some
 * packages only where they are named. Known sins would stand in DEBT with the reason; there are none. Cure: move the shared part
 * to `src/shared`, or ask through `engine/client`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Layer → layers it may import. The first prefix that fits a path is its layer. */
const LAYERS = [
  { prefix: 'src/shared/', may: [] },
  { prefix: 'src/engine/ingest/', may: ['src/shared/'] },
  { prefix: 'src/engine/integrity/', may: ['src/shared/'] },
  { prefix: 'src/engine/client/', may: ['src/shared/', 'src/engine/'] },
  { prefix: 'src/engine/', may: ['src/shared/', 'src/engine/'] },
  { prefix: 'src/main/', may: ['src/shared/', 'src/engine/ingest/', 'src/engine/integrity/'] },
  { prefix: 'src/renderer/', may: ['src/shared/', 'src/engine/client/'] },
];

/** Package → paths that may name it (a regular expression each). Node's own modules are for the host's side only. */
const PACKAGES = [
  { name: /^electron(\/|$)/, where: /^src\/main\/(index|window|security|preload|menu|electron-[^/]+)\.ts$/ },
  { name: /^dexie(\/|$)/, where: /^src\/engine\/store\// },
  { name: /^recharts(\/|$)/, where: /^src\/renderer\/(views|components)\// },
  { name: /^(react|react-dom|@mantine\/[^/]+|zustand)(\/|$)/, where: /^src\/renderer\// },
  { name: /^node:/, where: /^src\/(main|engine\/ingest|engine\/integrity)\// },
];

/** Path → import that is allowed though it should not be, with the reason. */
const DEBT = /** @type {Record<string, {imports: string, why: string}>} */ ({});

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"]([^'"]+\.ts)['"]/g;

/** @param {string} folder @returns {string[]} */
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return /\.(ts|tsx|mts|js|mjs)$/.test(entry.name) ? [path] : [];
  });

/** @param {string} path @param {string} text @returns {string[]} one sentence for each wrong import of a file of `src` */
export function wrongImports(path, text) {
  const layer = LAYERS.find((l) => path.startsWith(l.prefix));
  if (!layer) return path.startsWith('src/renderer/') || !path.startsWith('src/') ? [] : [`${path} lies in no known layer`];
  const wrong = [];
  for (const match of text.matchAll(IMPORT)) {
    const target = match[1] ?? match[2] ?? match[3];
    if (DEBT[path]?.imports === target) continue;
    if (target.startsWith('.')) {
      const to = relative('.', resolve(dirname(path), target))
        .split(sep)
        .join('/');
      const allowed = to.startsWith(layer.prefix) || layer.may.some((prefix) => to.startsWith(prefix));
      if (!allowed && to.startsWith('src/'))
        wrong.push(`${path} imports ${to}: ${layer.prefix} may import only ${layer.may.join(', ') || 'nothing'}`);
    } else {
      const rule = PACKAGES.find((p) => p.name.test(target));
      if (rule && !rule.where.test(path)) wrong.push(`${path} imports ${target}, which is allowed only in ${rule.where.source}`);
      if (layer.may.length === 0) wrong.push(`${path} imports ${target}: src/shared imports no package`);
    }
  }
  return wrong;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = walk('src').flatMap((path) => wrongImports(path.split(sep).join('/'), readFileSync(path, 'utf8')));
  for (const sentence of wrong) console.error(sentence);
  process.exitCode = wrong.length ? 1 : 0;
}
