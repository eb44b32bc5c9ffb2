import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SnowflakeError } from '../../../local-snowflake/errors/snowflake-error.ts';
import { parseLineageQuery } from '../../../local-snowflake/objects/lineage/lineage-query.ts';
import { startLocalServer } from '../../support/local-server.ts';

// As snowflake-snowpark-python writes it (lineage.py).
const written = (name: string): string =>
  `{V(domain: TABLE, name:"${name.replaceAll(/["\\]/gu, '\\$&')}") {upstream: E(edgeType:[DATA_LINEAGE, OBJECT_DEPENDENCY],direction:IN){S {domain, id}, T {domain, id}, properties}}}`;

describe('The query language of SYSTEM$DGQL', () => {
  it('takes any name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(parseLineageQuery(written(name))).toEqual({
          domain: 'TABLE',
          node: { name },
          edges: [{ as: 'upstream', direction: 'IN' }],
        });
      }),
    );
  });

  it('refuses whatever is cut off, or something else, by its text', () => {
    const whole = written('DB.S.T');
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), (length) => {
        expect(() => parseLineageQuery(whole.slice(0, length))).toThrow(SnowflakeError);
      }),
    );
    expect(() => parseLineageQuery('{W(domain: TABLE)}')).toThrow(/SYSTEM\$DGQL of \{W\(domain: TABLE\)\}/u);
  });
});

describe('Lineage', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lineage-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('survives a restart, and a rename', async () => {
    const before = await startLocalServer({ dataDir });
    const first = await before.connect();
    for (const sql of ['create database db', 'create warehouse wh', 'create table a (x int)', 'create table b as select x from a'])
      await first.run(sql);
    await before.close();
    const after = await startLocalServer({ dataDir });
    const client = await after.connect({ database: 'DB', schema: 'PUBLIC', warehouse: 'WH' });
    await client.run('alter table a rename to renamed');
    const edges = `select source_object_name as s, target_object_name as t from table(snowflake.core.get_lineage('b', 'table', 'upstream'))`;
    expect(await client.rows(edges)).toEqual([{ S: 'RENAMED', T: 'B' }]);
    await after.close();
  });
});
