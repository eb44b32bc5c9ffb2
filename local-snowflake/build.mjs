// Bundles the command and the server: one file each loads several times faster than hundreds, which is what makes
// `local-snowflake start` ready in a fraction of a second.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @param {string} outdir where the bundles go */
export async function bundle(outdir = here('./dist')) {
  const { outputFiles } = await build({
    entryPoints: { cli: here('./cli/main.ts'), server: here('./cli/server-entry.ts') },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    // Native code and WebAssembly find their files beside their own modules.
    external: ['@duckdb/node-bindings', '@guanmingchiu/sqlparser-ts'],
    // Bundled CommonJS packages call require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    sourcemap: 'linked',
    logLevel: 'warning',
    write: false,
  });
  await mkdir(outdir, { recursive: true });
  for (const file of outputFiles) await replace(file);
}

/** Whoever runs the bundle meanwhile reads the old file or the new one. */
async function replace({ path, contents }) {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, contents);
  await rename(partial, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
