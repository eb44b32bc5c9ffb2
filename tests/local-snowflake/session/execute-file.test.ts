import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

// https://docs.snowflake.com/en/sql-reference/sql/execute-immediate-from
describe('EXECUTE IMMEDIATE FROM', () => {
  let server: TaskServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'execute-file-'));
    server = await TaskServer.start();
    await server.run('create warehouse w', 'create database d', 'create stage my_stage');
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = async (path: string, text: string): Promise<void> => {
    const [name = ''] = path.split('/').slice(-1);
    await writeFile(join(folder, name), text);
    const target = path.slice(0, -name.length);
    await server.run(`put 'file://${join(folder, name)}' @my_stage/${target} auto_compress = false overwrite = true`);
  };

  it('runs the statements of a file, and files from it; the last result is the answer', async () => {
    await put(
      'scripts/create-inventory.sql',
      "-- an inventory; with a comment\ncreate or replace table my_inventory(sku varchar, price number);\nexecute immediate from './insert-inventory.sql';\nselect sku, price from my_inventory order by price desc;\n",
    );
    await put(
      'scripts/insert-inventory.sql',
      "insert into my_inventory values ('XYZ12345', 10.00), ('XYZ81974', 50);\nbegin\n  insert into my_inventory values ('a; b', 1);\n  return 'done';\nend;",
    );
    expect(await server.rows('execute immediate from @my_stage/scripts/create-inventory.sql')).toEqual([
      { SKU: 'XYZ81974', PRICE: 50 },
      { SKU: 'XYZ12345', PRICE: 10 },
      { SKU: 'a; b', PRICE: 1 },
    ]);
    expect(
      await server.rows('begin execute immediate from @my_stage/scripts/insert-inventory.sql; return sqlrowcount; end'),
    ).toHaveLength(1);
    expect(await server.rows("execute immediate from '@d.public.my_stage/scripts/insert-inventory.sql'")).toEqual([
      { 'anonymous block': 'done' },
    ]);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/show-procedures (Output: arguments)
  it('SHOW PROCEDURES marks output arguments', async () => {
    await server.run('create procedure p(a int, b out varchar) returns int as begin b := :a; return 1; end');
    const [shown] = await server.rows("show procedures like 'p' in schema d.public");
    expect(shown).toMatchObject({ arguments: 'P(NUMBER, OUT VARCHAR) RETURN NUMBER' });
  });

  it('says in which file a statement failed; what was before it stays', async () => {
    await put('broken.sql', 'create table kept (id int);\n  select 1 / 0;\ncreate table never (id int);');
    expect(await server.refusal('execute immediate from @my_stage/broken.sql')).toBe(
      "Uncaught exception of type 'STATEMENT_ERROR' in file broken.sql on line 2 at position 2:\nDivision by zero",
    );
    expect((await server.rows("show tables like '%e%'")).map((row) => row['name'])).toEqual(['KEPT', 'MY_INVENTORY']);
  });

  it('refuses what is no file, and files without end', async () => {
    await put('endless.sql', "execute immediate from '/endless.sql';");
    await put('template.sql', '--!jinja\nselect {{ a }};');
    const cases: readonly (readonly [string, RegExp])[] = [
      ['@my_stage/absent.sql', /^File 'absent\.sql' not found in stage 'MY_STAGE'\.$/u],
      ['@my_stage/scripts/', /^File 'scripts\/' not found in stage 'MY_STAGE'\.$/u],
      ['@nowhere/a.sql', /Stage 'D\.PUBLIC\.NOWHERE' does not exist or not authorized/u],
      ["'./a.sql'", /^Relative file references like '\.\/a\.sql' cannot be used in top-level EXECUTE IMMEDIATE calls\.$/u],
      ['@my_stage/endless.sql', /depth of 5 exceeded/u],
      ['@my_stage/template.sql', /Jinja2 templates/u],
      ['@my_stage/broken.sql using (a => 1)', /Jinja2 templates/u],
    ];
    for (const [from, message] of cases) expect(await server.refusal(`execute immediate from ${from}`)).toMatch(message);
  });
});
