import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { mlJobBody, procedureCall, pythonBody } from '../../../components/graph/task-body.ts';
import { TaskGraphError } from '../../../components/graph/task-graph-error.ts';

describe('procedureCall', () => {
  it('writes each kind of argument', () => {
    expect(procedureCall('"DB"."SC"."P"')).toBe('CALL "DB"."SC"."P"()');
    expect(procedureCall('P', "it's", 'a\\b', 0.7, -1, true, null)).toBe("CALL P('it''s', 'a\\\\b', 0.7, -1, TRUE, NULL)");
  });

  it('keeps every text inside its literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readLiteral(procedureCall('P', text).slice('CALL P('.length, -1))).toBe(text);
      }),
    );
  });

  it('refuses what is no number', () => {
    expect(() => procedureCall('P', Number.NaN)).toThrow(TaskGraphError);
  });
});

/** What Snowflake reads between single quotes, where a quote is doubled and a backslash escapes. */
function readLiteral(sql: string): string {
  expect(sql).toMatch(/^'(?:[^'\\]|''|\\\\)*'$/u);
  return sql.slice(1, -1).replaceAll("''", "'").replaceAll('\\\\', '\\');
}

describe('pythonBody', () => {
  const body = { runtimeVersion: '3.11', code: 'def run(session):\n    return 1' };

  it('is an anonymous procedure that is called', () => {
    expect(pythonBody({ ...body, packages: ['pandas==2.3.3'], imports: ["@STAGE/it's.py"] })).toBe(
      `WITH TASK_BODY AS PROCEDURE () RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
PACKAGES = ('snowflake-snowpark-python', 'pandas==2.3.3')
IMPORTS = ('@STAGE/it''s.py')
HANDLER = 'run' AS $$
def run(session):
    return 1
$$
CALL TASK_BODY()`,
    );
  });

  it('takes Snowpark in the version it is given', () => {
    expect(pythonBody({ ...body, packages: ['snowflake-snowpark-python==1.40.0'] })).toContain(
      "PACKAGES = ('snowflake-snowpark-python==1.40.0')",
    );
  });

  it('refuses code that ends its own quoting', () => {
    expect(() => pythonBody({ ...body, code: 'def run(session): return "$$"' })).toThrow('contains $$');
  });
});

describe('mlJobBody', () => {
  const job = {
    runtimeVersion: '3.11',
    source: '@CODE_STAGE/src/',
    entryPoint: 'train.py',
    jobStage: '@JOB_STAGE',
    computePool: 'DEMO_POOL',
    targetInstances: 2,
  };

  it('hands over what it is given, whatever letters it has', () => {
    const args = ['--name', `"quoted" 'x' \\n \u2028 ☃ 😀\t`];
    const code = mlJobBody({ ...job, args }).split('$$')[1] ?? '';
    const client = `
import json, sys, types
seen = {}
class Job:
    id = "J"
    def wait(self): return "DONE"
def submit_from_stage(source, pool, session, **options):
    seen.update(options, source=source, pool=pool)
    return Job()
snowflake = types.ModuleType("snowflake"); ml = types.ModuleType("snowflake.ml"); jobs = types.ModuleType("snowflake.ml.jobs")
jobs.submit_from_stage = submit_from_stage; ml.jobs = jobs
sys.modules.update({"snowflake": snowflake, "snowflake.ml": ml, "snowflake.ml.jobs": jobs})
scope = {}
exec(sys.stdin.read(), scope)
assert scope["run"](None) == "J"
print(json.dumps(seen))
`;
    const seen = execFileSync('python3', ['-c', client], {
      input: code,
      encoding: 'utf8',
      env: { ...process.env, PYTHONUTF8: '1' },
    });
    expect(JSON.parse(seen)).toEqual({
      source: '@CODE_STAGE/src/',
      pool: 'DEMO_POOL',
      entrypoint: 'train.py',
      stage_name: '@JOB_STAGE',
      target_instances: 2,
      args,
    });
  });
});
