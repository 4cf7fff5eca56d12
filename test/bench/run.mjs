/** `node test/bench/run.mjs ingest [options]`: bundles a bench and the ingest thread into a temporary folder and runs it in plain Node. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

/** @param {string} out folder @param {Record<string, string>} input name → source */
export async function bundle(out, input) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: out,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { input, output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
    ssr: { noExternal: true },
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name = 'ingest', ...args] = process.argv.slice(2);
  // Inside the project, so that what is not bundled is found.
  const out = mkdtempSync(resolve('node_modules/.trailcase-bench-'));
  try {
    await bundle(out, { bench: resolve(`test/bench/${name}.ts`), 'ingest-thread': resolve('src/main/ingest-thread.ts') });
    const { main } = await import(pathToFileURL(join(out, 'bench.mjs')).href);
    await main(join(out, 'ingest-thread.mjs'), args);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
