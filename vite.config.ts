/**
 * The playground: `npm run dev` serves demo/ and rebuilds the package when anything in
 * assembly/ or src/ changes; `npm start` builds and serves it. The demo sees only what a user
 * of the package sees: `redstart` is dist/, as it is published.
 */
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { buildCode } from './scripts/build.js';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const SOURCES = ['assembly', 'src'].map((folder) => join(ROOT, folder) + sep);
/** Written by the build itself. */
const GENERATED = ['table.ts', 'flags.ts'].map((name) => join(ROOT, 'assembly/commands', name));

export default defineConfig({
  root: join(ROOT, 'demo'),
  resolve: {
    alias: [
      { find: /^redstart$/, replacement: join(ROOT, 'dist/index.js') },
      { find: /^redstart\/core$/, replacement: join(ROOT, 'dist/core.js') },
    ],
  },
  build: {
    outDir: join(ROOT, 'demo/dist'),
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: 'es' },
  server: { fs: { allow: [ROOT] } },
  plugins: [redstart()],
});

/** Builds the package before Vite looks at it, and again after each change of a source. */
function redstart(): Plugin {
  return {
    name: 'redstart',
    enforce: 'pre',
    buildStart: () => buildCode(),
    configureServer(server) {
      server.watcher.add(SOURCES);
      const rebuild = oneAtATime(async () => {
        try {
          await buildCode(true);
          server.ws.send({ type: 'full-reload' });
        } catch (error) {
          server.config.logger.error(error instanceof Error ? error.message : String(error));
        }
      });
      server.watcher.on('all', (_event, file) => {
        if (!GENERATED.includes(file) && SOURCES.some((folder) => file.startsWith(folder)))
          rebuild();
      });
    },
  };
}

/** Calls that come while `work` runs are one more run after it. */
function oneAtATime(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return async function start() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work();
    }
    running = false;
  };
}
