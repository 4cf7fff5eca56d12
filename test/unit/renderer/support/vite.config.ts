/** Serves the page with a made-up engine: `npx vite --config test/unit/renderer/support/vite.config.ts`. Never shipped. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = import.meta.dirname;
const root = path.resolve(here, '../../../../src/renderer');

export default defineConfig({
  root,
  cacheDir: '/tmp/trailcase-trial-vite',
  server: { port: 5199, strictPort: true, host: '127.0.0.1' },
  plugins: [
    {
      name: 'fake-engine',
      enforce: 'pre',
      resolveId(source, importer) {
        if (source.endsWith('engine/client/index.ts')) return path.join(here, 'fake-client.ts');
        if (importer && source.startsWith('.') && !existsSync(path.resolve(path.dirname(importer), source)))
          return path.join(here, 'missing.tsx');
        return null;
      },
    },
    react(),
  ],
});
