import { readFileSync, writeFileSync } from 'node:fs';
import { Records } from '../local-snowflake/catalog/records.ts';
import { compatibilityTable } from '../local-snowflake/compatibility.ts';
import { builtInFunctions } from '../local-snowflake/data/functions/registry.ts';
import { kinds } from '../local-snowflake/objects/kinds.ts';
import { ObjectRegistry } from '../local-snowflake/objects/object-registry.ts';
import { FakeClock } from '../local-snowflake/platform/clock.ts';
import { systemIds } from '../local-snowflake/platform/ids.ts';
import { Alerts } from '../local-snowflake/session/alerts.ts';
import { extensions } from '../local-snowflake/session/extensions.ts';
import { Tasks } from '../local-snowflake/session/tasks.ts';
import { restRoutes } from '../local-snowflake/wire/rest/rest-routes.ts';

const path = new URL('compatibility.md', import.meta.url);
const functions = builtInFunctions().flatMap(({ names, page }) => names.map((name) => ({ name, page })));
// Tasks come with what runs them: an account that has none.
const records = await Records.load({ load: () => Promise.resolve([]), put: () => Promise.resolve() });
const none = (): never => {
  throw new Error('Nothing runs while the table is written.');
};
const tasks = new Tasks({ clock: new FakeClock(0), ids: systemIds, records, folder: undefined, outbox: none, account: none });
const alerts = new Alerts(none);
const registry = new ObjectRegistry(
  [...kinds, ...tasks.kinds, ...alerts.kinds],
  [...extensions, tasks.extension, alerts.extension],
);
const text = compatibilityTable(registry, functions, restRoutes);

// `--check` says whether the file is as the definitions make it, and writes nothing.
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write('docs/compatibility.md is out of date. Write it with: npm run docs\n');
    process.exitCode = 1;
  }
} else writeFileSync(path, text);
