import { readFileSync, writeFileSync } from 'node:fs';
import { compatibilityTable } from '../local-snowflake/compatibility.ts';
import { builtInFunctions } from '../local-snowflake/data/functions/registry.ts';
import { kinds } from '../local-snowflake/objects/kinds.ts';
import { ObjectRegistry } from '../local-snowflake/objects/object-registry.ts';
import { extensions } from '../local-snowflake/session/extensions.ts';

const path = new URL('compatibility.md', import.meta.url);
const functions = builtInFunctions().flatMap(({ names, page }) => names.map((name) => ({ name, page })));
const text = compatibilityTable(new ObjectRegistry(kinds, extensions), functions);

// `--check` says whether the file is as the definitions make it, and writes nothing.
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write('docs/compatibility.md is out of date. Write it with: npm run docs\n');
    process.exitCode = 1;
  }
} else writeFileSync(path, text);
