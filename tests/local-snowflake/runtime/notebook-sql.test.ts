import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

interface Output {
  readonly output_type: string;
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, string>>;
  readonly ename?: string;
}
interface Cell {
  readonly cell_type: string;
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

const code = (language: 'python' | 'sql', name: string, source: string): unknown => ({
  cell_type: 'code',
  metadata: { language, name },
  source,
  execution_count: null,
  outputs: [{ output_type: 'stream', name: 'stdout', text: ['from an earlier run'] }],
});
const notebook = (...cells: readonly unknown[]): string => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

const files: Readonly<Record<string, string>> = {
  // https://docs.snowflake.com/en/user-guide/ui-snowsight/notebooks-develop-run#reference-cells-and-variables-in-snowflake-notebooks
  'good.ipynb': notebook(
    { cell_type: 'markdown', metadata: {}, source: '# Snow' },
    code(
      'sql',
      'cell1',
      "SELECT 'FRIDAY' as SNOWDAY, 0.2 as CHANCE_OF_SNOW UNION ALL SELECT 'SATURDAY', 0.5 UNION ALL SELECT 'SUNDAY', 0.9;",
    ),
    code('python', 'cell2', 'import sys\nprint(sys.argv)\nlimit = "0.4"\nlen(cell1.to_pandas())'),
    code(
      'sql',
      'cell3',
      'create or replace table snow as select * from {{cell1}} where CHANCE_OF_SNOW > {{limit}};\nselect count(*) N from snow',
    ),
    code(
      'python',
      'cell4',
      'from snowflake.snowpark.context import get_active_session\nsession = get_active_session()\nclass Flake:\n    pass\nprint(Flake.__module__, session.get_current_role(), session.get_current_warehouse(), session.get_current_schema())\nsession.table("snow")',
    ),
  ),
  'failing.ipynb': notebook(
    code('python', 'setup', 'x = 1\nprint("first")'),
    code('python', 'divide', 'def f(n):\n    return n / (x - 1)\nf(3)'),
    code('python', 'never', 'print("not reached")'),
  ),
  'sql-error.ipynb': notebook(code('sql', 'lookup', 'select * from no_such_table')),
  'undefined.ipynb': notebook(code('sql', 'lookup', 'select {{nothing}}')),
  'magic.ipynb': notebook(code('python', 'shell', '!ls')),
  'killed.ipynb': notebook(code('python', 'gone', 'import os\nos._exit(9)')),
  'broken.ipynb': '{"nbformat": 4',
  'old.ipynb': '{"nbformat": 3, "worksheets": []}',
};

let server: TaskServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notebooks-'));
  server = await TaskServer.start();
  await server.run(
    'create warehouse nb_wh',
    'create warehouse my_wh',
    'create database test_db',
    'create schema test_db.s',
    'use schema test_db.s',
    'use warehouse my_wh',
    'create stage files',
  );
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
    await server.run(`put 'file://${join(folder, name)}' @files auto_compress = false`);
  }
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function create(name: string, file: string, properties = 'query_warehouse = nb_wh'): Promise<void> {
  await server.run(`create or replace notebook ${name} from '@test_db.s.files' main_file = '${file}' ${properties}`);
}

/** The cells of the notebook's newest run, as GET brings them. */
async function results(name: string): Promise<readonly Cell[]> {
  const rows = await server.rows(`list 'snow://notebook/test_db.s.${name}/runs/'`);
  const path = String(rows.at(-1)?.['name']);
  await server.run(`get 'snow://notebook/test_db.s.${name}/${path}' 'file://${folder}/'`);
  return (JSON.parse(await readFile(join(folder, path.split('/').at(-1) ?? ''), 'utf8')) as { cells: readonly Cell[] }).cells;
}

describe('NOTEBOOK', () => {
  it('is created, shown, described, altered, renamed and dropped (create-notebook, show-notebooks, alter-notebook)', async () => {
    await server.run(
      'CREATE NOTEBOOK mynotebook',
      'CREATE NOTEBOOK IF NOT EXISTS mynotebook',
      "CREATE OR REPLACE NOTEBOOK mynotebook FROM '@test_db.s.files' MAIN_FILE = 'good.ipynb' QUERY_WAREHOUSE = nb_wh COMMENT = 'snow'",
    );
    expect(await server.rows('SHOW NOTEBOOKS')).toMatchObject([
      {
        name: 'MYNOTEBOOK',
        database_name: 'TEST_DB',
        schema_name: 'S',
        comment: 'snow',
        owner: 'ACCOUNTADMIN',
        query_warehouse: 'NB_WH',
        code_warehouse: 'SYSTEM$STREAMLIT_NOTEBOOK_WH',
      },
    ]);
    expect((await server.rows('DESCRIBE NOTEBOOK mynotebook'))[0]).toMatchObject({
      main_file: 'good.ipynb',
      query_warehouse: 'NB_WH',
    });
    await server.run(
      'ALTER NOTEBOOK mynotebook UNSET QUERY_WAREHOUSE',
      'ALTER NOTEBOOK mynotebook SET IDLE_AUTO_SHUTDOWN_TIME_SECONDS = 600',
      'ALTER NOTEBOOK mynotebook RENAME TO notebook_v2',
    );
    expect(await server.refusal('EXECUTE NOTEBOOK notebook_v2()')).toContain('it has no QUERY_WAREHOUSE');
    expect(await server.refusal('CREATE NOTEBOOK notebook_v2')).toContain('already exists');
    await server.run('DROP NOTEBOOK notebook_v2');
    expect(await server.rows('SHOW NOTEBOOKS')).toEqual([]);
    expect(await server.refusal('EXECUTE NOTEBOOK notebook_v2()')).toContain('does not exist or not authorized');
  });

  it.each([
    ["from '@test_db.s.files' main_file = 'missing.ipynb'", 'missing.ipynb'],
    ["from '@test_db.s.files' main_file = '../files/good.ipynb'", 'MAIN_FILE'],
    ["from '@test_db.s.files' main_file = 'good.py'", 'MAIN_FILE'],
    ["from '@test_db.s.files' main_file = 'broken.ipynb'", 'Notebook file broken.ipynb is not valid'],
    ["from '@test_db.s.files' main_file = 'old.ipynb'", 'nbformat'],
    ["runtime_name = 'SYSTEM$BASIC_RUNTIME'", 'COMPUTE_POOL'],
    ["runtime_name = 'SYSTEM$GPU_RUNTIME' compute_pool = 'p'", 'RUNTIME_NAME'],
    ['query_warehouse = no_such_wh', 'does not exist'],
    ['idle_auto_shutdown_time_seconds = 10', 'IDLE_AUTO_SHUTDOWN_TIME_SECONDS'],
  ])('with %s is refused', async (clauses, named) => {
    expect(await server.refusal(`create notebook refused ${clauses}`)).toContain(named);
    expect(await server.rows("show notebooks like 'refused'")).toEqual([]);
  });
});

describe('EXECUTE NOTEBOOK', () => {
  it('runs every cell, with arguments, results of cells and variables; its outputs are kept', async () => {
    await create('good', 'good.ipynb');
    await server.run("EXECUTE NOTEBOOK good('parameter_string a,b,c,d', 5, 'target_database=PROD_DB')");
    const [markdown, snow, python, counted, table] = await results('good');
    expect(markdown?.cell_type).toBe('markdown');
    expect(snow?.outputs[0]?.data?.['text/plain']).toMatch(/SATURDAY\s+0\.5/u);
    expect(snow?.outputs[0]?.data?.['text/html']).toContain('<table');
    expect(python).toMatchObject({
      execution_count: 2,
      outputs: [
        { output_type: 'stream', text: ["['parameter_string', 'a,b,c,d', 'target_database=PROD_DB']\n"] },
        { output_type: 'execute_result', data: { 'text/plain': '3' } },
      ],
    });
    expect(counted?.outputs[0]?.data?.['text/plain']).toMatch(/N\s+0\s+2/u);
    expect(table?.outputs[0]?.text).toEqual(['__main__ "ACCOUNTADMIN" "NB_WH" "S"\n']);
    expect(table?.outputs[1]?.data?.['text/plain']).toContain('SUNDAY');
    expect(await server.value('select count(*) from snow')).toBe(2);
    // The notebook itself has no outputs of a run.
    expect(await server.rows("list 'snow://notebook/test_db.s.good/versions/live/'")).toHaveLength(1);
  });

  it('takes a session variable as an argument', async () => {
    await create('good', 'good.ipynb');
    await server.run("SET PARAMS = 'parameter_string a,b'", 'EXECUTE NOTEBOOK test_db.s.good($PARAMS)');
    expect((await results('good'))[2]?.outputs[0]?.text).toEqual(["['parameter_string', 'a,b']\n"]);
  });

  it('stops at the first cell that fails, and names it', async () => {
    await create('failing', 'failing.ipynb');
    const message = await server.refusal('EXECUTE NOTEBOOK failing()');
    expect(message).toContain('Notebook TEST_DB.S.FAILING failed in cell 2 (divide):');
    expect(message).toContain('return n / (x - 1)');
    expect(message).toContain('ZeroDivisionError: division by zero');
    const [first, second, third] = await results('failing');
    expect(first?.outputs[0]?.text).toEqual(['first\n']);
    expect(second?.outputs[0]).toMatchObject({ output_type: 'error', ename: 'ZeroDivisionError' });
    expect(third).toMatchObject({ execution_count: null, outputs: [] });
  });

  it.each([
    ['sql-error.ipynb', 'cell 1 (lookup):', "Object 'TEST_DB.S.NO_SUCH_TABLE' does not exist"],
    ['undefined.ipynb', 'cell 1 (lookup):', "'nothing' is undefined"],
    ['magic.ipynb', 'cell 1 (shell):', 'magic commands are not part of Python: !ls'],
    ['killed.ipynb', 'exit code 9', 'BAD'],
  ])('of %s says what went wrong', async (file, where, what) => {
    await create('bad', file);
    const message = await server.refusal('EXECUTE NOTEBOOK bad()');
    expect(message).toContain(where);
    expect(message).toContain(what);
  });

  it('is for the owner', async () => {
    await create('good', 'good.ipynb');
    await server.run(
      'create role reader',
      'grant usage on database test_db to role reader',
      'grant usage on schema test_db.s to role reader',
      'grant usage on notebook test_db.s.good to role reader',
      'grant role reader to user local_admin',
      'use role reader',
    );
    const message = await server.refusal('EXECUTE NOTEBOOK test_db.s.good()');
    await server.run('use role accountadmin');
    expect(message).toContain('Insufficient privileges');
  });

  it('runs on a node of a compute pool', async () => {
    await server.run('create compute pool nb_pool min_nodes = 1 max_nodes = 1 instance_family = CPU_X64_XS');
    await create(
      'contained',
      'good.ipynb',
      "runtime_name = 'SYSTEM$BASIC_RUNTIME' compute_pool = 'nb_pool' query_warehouse = nb_wh",
    );
    await server.clock.advanceBy(1000);
    await server.run('EXECUTE NOTEBOOK contained()');
    expect((await server.rows('show compute pools'))[0]).toMatchObject({ active_nodes: 0, num_jobs: 0 });
  });

  it('is the body of a scheduled task', async () => {
    await create('good', 'good.ipynb');
    await create('failing', 'failing.ipynb');
    await server.run(
      'drop table snow',
      "create task nightly warehouse = nb_wh schedule = '60 MINUTES' as EXECUTE NOTEBOOK test_db.s.good('from the task')",
      "create task wrong warehouse = nb_wh schedule = '60 MINUTES' as EXECUTE NOTEBOOK test_db.s.failing()",
      'alter task nightly resume',
      'alter task wrong resume',
    );
    await server.clock.advanceBy(60 * 60 * 1000);
    await server.settle();
    await server.run('alter task nightly suspend', 'alter task wrong suspend');
    expect(await server.historyOf('nightly')).toMatchObject({ STATE: 'SUCCEEDED' });
    expect(await server.historyOf('wrong')).toMatchObject({
      STATE: 'FAILED',
      ERROR_MESSAGE: expect.stringContaining('cell 2 (divide)'),
    });
    expect(await server.value('select count(*) from snow')).toBe(2);
    expect((await results('good'))[2]?.outputs[0]?.text).toEqual(["['from', 'the', 'task']\n"]);
  });
});
