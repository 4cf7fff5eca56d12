import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// Everything is bundled: the packaged app carries no node_modules.
const external = ['electron'];

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      target: 'node20',
      rollupOptions: {
        external,
        input: {
          index: 'src/main/index.ts',
          'local-server': 'src/main/local-server.ts',
          'ingest-thread': 'src/main/ingest-thread.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      target: 'node20',
      // A sandboxed preload must be one CommonJS file.
      rollupOptions: { external, input: { preload: 'src/main/preload.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      target: 'chrome130',
      minify: true,
      rollupOptions: { input: 'src/renderer/index.html' },
    },
  },
});
