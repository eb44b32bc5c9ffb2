import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// The driver stays outside: it is CommonJS that loads parts of itself by path.
await build({
  entryPoints: [here('main.ts')],
  outfile: here('dist/main.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['snowflake-sdk'],
  sourcemap: true,
  banner: {
    js: "import { createRequire as createPipelineRequire } from 'node:module'; const require = createPipelineRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
