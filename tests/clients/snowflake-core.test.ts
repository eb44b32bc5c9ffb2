import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

// Snowflake's Python API, in a process of its own, against a server in this one.
describe('snowflake.core', () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  it('deploys, runs, lists and drops task graphs', async () => {
    expect(await runPythonClient(server, 'snowflake_core.py')).toEqual({
      listed: ['', '$CHOOSE', '$CLEAN_UP', '$COUNT_ROWS', '$LARGE', '$PREPARE', '$SMALL'].map((name) => `DEMO${name}`),
      graphs: ['DEMO'],
      dependents: ['DEMO', true],
      direct: ['DEMO', 'DEMO$PREPARE', 'DEMO$CLEAN_UP'],
      running: ['EXECUTING'],
      run: ['DEMO', 'DB', 'S', 'SUCCEEDED', null],
      history: {
        DEMO: ['SUCCEEDED', null],
        DEMO$PREPARE: ['SUCCEEDED', null],
        DEMO$COUNT_ROWS: ['SUCCEEDED', '3'],
        DEMO$CHOOSE: ['SUCCEEDED', 'large'],
        DEMO$LARGE: ['SUCCEEDED', null],
        DEMO$SMALL: ['SKIPPED', null],
        DEMO$CLEAN_UP: ['SUCCEEDED', null],
      },
      outcome: [
        ['finalizer', 'x;y'],
        ['large', 'LARGE'],
      ],
      root: [
        'suspended',
        { source: 'numbers', quote: 'it\'s \\ "here"' },
        "select 'dag dummy root'",
        null,
        'WH',
        '{"Predecessors":[],"FinalizerTask":"DB.S.DEMO$CLEAN_UP"}',
      ],
      child: [['DB.S.DEMO$CHOOSE'], "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('DEMO$CHOOSE') = 'large'", 'started', null],
      finalizer: 'DB.S.DEMO',
      conflict: ['ConflictError', 409, '002002', expect.stringContaining("Object 'DB.S.DEMO' already exists.")],
      scheduled: ['1:30:30', 'started'],
      next: ['SCHEDULED'],
      child_of_running: ['APIError', 400, '091421', expect.stringContaining('root task is not suspended')],
      dropped: [],
      missing: ['NotFoundError', 404, '002003', expect.stringContaining("Task 'DB.S.DEMO' does not exist")],
      missing_schema: ['NotFoundError', 404, '002003', expect.stringContaining("Schema 'DB.NOPE' does not exist")],
      broken: ['FAILED', 'BROKEN$FAILS', 100_051, 'Division by zero'],
      errors: ['FAILED', 'FAILED'],
      absent: ['NotFoundError', 404, '002003', expect.stringContaining("Task 'DB.S.ABSENT' does not exist")],
    });
  }, 180_000);

  it('has every option of task graphs, and all that a task learns of its run', async () => {
    expect(await runPythonClient(server, 'snowflake_core_graphs.py')).toEqual({
      single: {
        known: ['"Three!"', 'one', 'two'],
        same: true,
        filtered: [['TWO', '"Three!"'], ['TWO', '"Three!"'], ['ONE'], ['ONE'], ['TWO', '"Three!"']],
        resumed: ['started', 'started', 'started'],
        due: ['SCHEDULED'],
        ended: ['SUCCEEDED'],
        errors: 0,
        dependents: ['"Three!"', 'ONE', 'TWO'],
        dropped: [[], 'NotFoundError: (404)', null],
      },
      options: {
        policy: ['ALLOW_ALL_OVERLAP', 'full$a', null, 'last'],
        predecessors: ['a', 'b'],
        refused: [
          'InvalidOperationError: Finalizer task last cannot have any predecessors',
          'InvalidOperationError: Finalizer task last cannot be predecessor of any task',
        ],
        root: [
          ['15 3 * * MON', 'Europe/Zurich'],
          "it's the graph",
          2,
          'ALLOW_ALL_OVERLAP',
          60_000,
          4,
          { a: 1, b: 'x', c: true },
          'UTC',
          '1 = 1',
          'started',
        ],
        a: ['first', 5000, 1, 'WH'],
        b: [null, 'SMALL', 'LARGE', '0:10:00'],
        c: [['GRAPHS.S.FULL$A', 'GRAPHS.S.FULL$B'], "system$get_predecessor_return_value('FULL$A') is not null", 'ROBOT'],
        last: 'GRAPHS.S.FULL',
      },
      over: {
        refused: 'ConflictError: (409)',
        untouched: true,
        replaced: ['select 3', false, 'started'],
        listed: [['OVER'], []],
        left: ['OVER$END'],
        gone: [[], null],
        cycle: 'ValueError: There is a cycle in the task graph.',
      },
      context: {
        task: 'GRAPHS.S.TELLING$SECOND',
        short: 'SECOND',
        root: 'GRAPHS.S.TELLING',
        info: 'GRAPHS.S.TELLING$SECOND',
        config: { most: 7 },
        property: 7,
        before: 'from first',
        ids: [true, true, true],
        times: [true, 'None', null],
        run: ['TELLING', 'GRAPHS', 'S', 'SUCCEEDED', 1, null],
        run_times: [true, true],
      },
    });
  });

  it('creates, reads, changes and drops single objects', async () => {
    const definition = 'begin\n  let a := 1;\n  return a;\nend';
    expect(await runPythonClient(server, 'snowflake_core_objects.py')).toEqual({
      task: {
        name: '"o\'clock: 8"',
        properties: ['SMALL', "cast('1' as int) = 1", 'it\'s \\ $$ "quoted"; drop table numbers', definition],
        numbers: [3, 60_000, 2],
        parameters: { QUOTED_IDENTIFIERS_IGNORE_CASE: false, TIMEZONE: 'Europe/Zurich', WEEK_START: 1 },
        schedule: ['0 8 * * MON-FRI', 'Europe/Zurich'],
        overlap: [true, 'ALLOW_CHILD_OVERLAP'],
        owner: ['ACCOUNTADMIN', 'OBJECTS', 'S'],
        altered: ['another', '2:00:00', true],
        kept: definition,
        injected: ['APIError', 400, '001003', expect.stringContaining("unexpected 'as'")],
        two_statements: ['APIError', 400, '000008', expect.stringContaining('Actual statement count 2')],
        tags: [
          [['OBJECTS.S."the stage"', "it's; prod", 'TASK']],
          [
            ['OBJECTS.S."the stage"', "it's; prod", 'TASK'],
            ['OBJECTS.S.LAYER', 'gold', 'DATABASE'],
          ],
          [],
        ],
      },
      containers: {
        database: ['"my %_ db"', 'TRANSIENT', "it's", 1, 'ACCOUNTADMIN'],
        schema: ['DATA', 'PERMANENT', true, 'INFO', 'my %_ db'],
        databases: ['"my %_ db"'],
        schemas: ['DATA', 'PUBLIC'],
        limited: ['DATA'],
        other: ['NotFoundError', 404, '002003', expect.stringContaining(`Database '"my xx db"' does not exist`)],
        conflict: ['ConflictError', 409, '002002', expect.stringContaining('already exists')],
        permanent: ['APIError', 400, '002120', expect.stringContaining('Transient object cannot be cloned to a permanent object')],
        undropped: 'DATA',
        gone: [],
        back: ['"my %_ db"'],
        purged: ['APIError', 400, '090025', 'Database NEVER did not exist or was purged.'],
        dropped: ['NotFoundError', 404, '002003', expect.stringContaining(`Schema '"my %_ db".DATA' does not exist`)],
      },
      warehouse: {
        fetched: ['REST_WH', 'Small', 60, 'false', 'SUSPENDED', 4],
        conflict: ['APIError', 400, '090064', expect.stringContaining("'REST_WH' cannot be suspended")],
        tags: [['OBJECTS.S."the stage"', "it's; prod", 'WAREHOUSE']],
        current: true,
        renamed: ['"REST wh"'],
        listed: ['REST_WH'],
        resumed: 'STARTED',
      },
      clones: {
        database: ['of objects', ['PUBLIC', 'S', 'WAS']],
        schema: true,
        rows: [1, 2, 2],
        table: [
          ['N', 'NUMBER(38,0)', false, null],
          ['LABEL', 'VARCHAR(16777216)', true, 'what it is called'],
        ],
        listed: ['NUMBERS', 'TWO'],
        before: ['APIError', 400, '000707', expect.stringContaining('Time travel data is not available for table NUMBERS')],
        dropped: ['TWO'],
        undropped: 2,
      },
      policies: ['APIError', 405, '391405', expect.stringContaining('/network-policies is not among the REST operations')],
    });
  }, 60_000);

  it('creates, changes and drops compute pools, and what belongs to them', async () => {
    expect(await runPythonClient(server, 'snowflake_core_compute.py')).toEqual({
      pools: {
        fetched: [
          ...['REST_POOL', 'CPU_X64_XS', 1, 2, false, 600, "it's; one", 'SUSPENDED', 'ACCOUNTADMIN', false, 0],
          'Compute pool is suspended.',
        ],
        created_on: true,
        listed: ['"REST pool"', 'REST_POOL'],
        limited: ['"REST pool"'],
        conflict: ['ConflictError', 409, '002002', expect.stringContaining('already exists')],
        replaced: ['APIError', 400, '000002', expect.stringContaining('CREATE OR REPLACE COMPUTE POOL')],
        tags: [],
        altered: [
          ...['REST_POOL', 'CPU_X64_S', 1, 3, true, 3600, null, 'SUSPENDED', 'ACCOUNTADMIN', false, 0],
          'Compute pool is suspended.',
        ],
        new: '"new"',
        resumed: true,
        suspended: true,
        dropped: [
          ['NotFoundError', 404, '002003', expect.stringContaining("Compute pool 'REST_POOL' does not exist")],
          ['NotFoundError', 404, '002003', expect.stringContaining("Compute pool 'REST_POOL' does not exist")],
        ],
      },
      repositories: {
        fetched: ['IMAGES', 'COMPUTE', '"my s"', 'ACCOUNTADMIN', 'ROLE'],
        url: true,
        images: [],
        listed: ['"it\'s"', 'IMAGES'],
        like: ['IMAGES'],
        conflict: ['ConflictError', 409, '002002', expect.stringContaining('already exists')],
        dropped: ['NotFoundError', 404, '002003', expect.stringContaining('does not exist')],
      },
      services: {
        fetched: ['IDLER', 'COMPUTE', '"my s"', 'SERVICE_POOL', 'SERVICE_WH'],
        settings: ["it's idle", 1, 1, true, false],
        spec: true,
        listed: [['IDLER', 'RUNNING']],
        status: ['READY', 'waiting', '0'],
        instances: [['IDLER', '"my s"', '0', 'READY']],
        containers: [['waiting', 'READY', 0]],
        endpoints: [['idle', 4711, 'HTTP', false, null]],
        conflict: ['ConflictError', 409, '002002', expect.stringContaining('already exists')],
        container: ['APIError', 400, expect.any(String), expect.stringContaining('the container is named waiting')],
        file: ['NotFoundError', 404, '002003', expect.stringContaining('COMPUTE."my s".SPECS')],
        timeout: ['APIError', 400, '000002', expect.stringContaining('timeout of the status')],
        log: 'started',
        suspended: 'SUSPENDED',
        resumed: 'RUNNING',
        dropped: ['NotFoundError', 404, '002003', expect.stringContaining('does not exist')],
        roles: ['NotFoundError', 404, '002003', expect.stringContaining('does not exist')],
      },
      notebooks: {
        fetched: ['"it\'s one"', 'COMPUTE', '"my s"', 'SERVICE_WH', 'it.ipynb', "it's"],
        listed: ['"it\'s one"', '"two"'],
        filtered: ['"two"'],
        ran: 1,
        failed: ['APIError', 400, expect.any(String), expect.stringContaining('Division by zero')],
        async: [1, ['APIError', 400, expect.any(String), expect.stringContaining('Division by zero')]],
        created: "it's empty",
        version: ['APIError', 400, '000002', expect.stringContaining("'default_version' of notebooks")],
        renamed: ['FOUR'],
        dropped: ['NotFoundError', 404, '002003', expect.stringContaining('does not exist')],
      },
    });
  }, 60_000);
});
