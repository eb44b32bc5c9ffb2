import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkInputs } from '../../provider/check-inputs.ts';
import { diffInputs } from '../../provider/diff-inputs.ts';
import { modelMonitor } from '../../provider/kinds/model-monitor.ts';
import type { Properties } from '../../provider/resource-kind.ts';
import type { Row, Session } from '../../provider/snowflake/session.ts';
import { StatementFailed } from '../../provider/snowflake/session.ts';
import { MonitorAccount } from '../local-snowflake/model-monitor/monitor-account.ts';
import { ignore } from './scripted-session.ts';

const given: Properties = {
  database: 'DB',
  schema: 'SC',
  name: 'WATCH',
  model: 'DB.SC.DENIAL',
  version: 'V1',
  function: 'predict',
  source: 'DB.SC.SCORED',
  baseline: 'DB.SC.TRAINING',
  warehouse: 'WH',
  timestampColumn: 'SCORED_AT',
  idColumns: ['ID'],
  predictionScoreColumn: 'PROBABILITY',
  actualClassColumn: 'TRUTH',
  segmentColumns: ['REGION', 'GRADE'],
  comment: "it's watched",
};
const checked = (change: Properties = {}): Properties => checkInputs(modelMonitor, { ...given, ...change }).inputs;

describe('ModelMonitor', () => {
  let account: MonitorAccount;
  let session: Session;
  let statements: string[] = [];
  beforeAll(async () => {
    account = await MonitorAccount.open();
    session = {
      execute: async (statement): Promise<readonly Row[]> => {
        statements.push(statement);
        return account.rows(statement).catch((error: { code?: number; message: string }) => {
          throw new StatementFailed(error.message, Number(error.code));
        });
      },
      pause: () => Promise.resolve(),
    };
  });
  afterAll(() => account.close());

  const update = async (state: Properties, change: Properties): Promise<Properties> => {
    statements = [];
    return modelMonitor.update(session, state, checked(change), ignore);
  };

  it('is made, changed in place, imported and dropped, and then is as it was asked for', async () => {
    const wanted = checked();
    const made = await modelMonitor.create(session, wanted, ignore);
    expect(made).toEqual({ ...wanted, task: 'TABULAR_BINARY_CLASSIFICATION' });
    expect(diffInputs(modelMonitor, made, wanted)).toEqual([]);
    expect(modelMonitor.id(wanted)).toBe('DB.SC.WATCH');
    expect(await modelMonitor.read(session, 'DB.SC.WATCH', {})).toEqual(made);

    const change = {
      baseline: undefined as never,
      comment: undefined as never,
      refreshInterval: '2 hours',
      segmentColumns: ['GRADE'],
      suspended: true,
    };
    const changed = await update(made, change);
    expect(statements.filter((each) => each.startsWith('ALTER'))).toEqual([
      `ALTER MODEL MONITOR "DB"."SC"."WATCH" SET REFRESH_INTERVAL = '2 hours'`,
      `ALTER MODEL MONITOR "DB"."SC"."WATCH" UNSET COMMENT`,
      `ALTER MODEL MONITOR "DB"."SC"."WATCH" DROP SEGMENT_COLUMN = 'REGION'`,
      `ALTER MODEL MONITOR "DB"."SC"."WATCH" UNSET BASELINE`,
      `ALTER MODEL MONITOR "DB"."SC"."WATCH" SUSPEND`,
    ]);
    expect(diffInputs(modelMonitor, changed, checked(change))).toEqual([]);
    expect(await update(changed, {})).toEqual(made);

    await modelMonitor.delete(session, 'DB.SC.WATCH', made, ignore);
    expect(await modelMonitor.read(session, 'DB.SC.WATCH', made)).toBeUndefined();
    await modelMonitor.delete(session, 'DB.SC.WATCH', made, ignore);
  });

  it('shows what was changed by hand', async () => {
    const made = await modelMonitor.create(session, checked(), ignore);
    await account.run("alter model monitor db.sc.watch set refresh_interval = '3 hours'");
    await account.run('alter model monitor db.sc.watch suspend');
    const found = (await modelMonitor.read(session, 'DB.SC.WATCH', made)) ?? {};
    expect(diffInputs(modelMonitor, found, checked())).toEqual([
      { property: 'refreshInterval', kind: 'update', replaces: false },
      { property: 'suspended', kind: 'update', replaces: false },
    ]);
    await modelMonitor.delete(session, 'DB.SC.WATCH', made, ignore);
  });

  it('is made anew for what Snowflake cannot change', () => {
    const replaced = (change: Properties): unknown =>
      diffInputs(modelMonitor, checked(), checked(change)).map(({ property, replaces }) => [property, replaces]);
    expect(replaced({ version: 'V2', source: 'DB.SC.OTHER', predictionScoreColumn: 'SCORE' })).toEqual([
      ['version', true],
      ['source', true],
      ['predictionScoreColumn', true],
    ]);
    // The order of segments is none.
    expect(replaced({ segmentColumns: ['GRADE', 'REGION'] })).toEqual([]);
  });

  it.each([
    [{ predictionScoreColumn: undefined as never }, 'predictionScoreColumn', /or predictionClassColumn is required/u],
    [{ segmentColumns: ['ID'] }, 'idColumns', /has ID, which has a part already/u],
    [{ refreshInterval: 'hourly' }, 'refreshInterval', /for example 1 hour/u],
    [{ aggregationWindow: '12 hours' }, 'aggregationWindow', /for example 1 day/u],
    [{ model: 'DENIAL' }, 'model', /with database and schema/u],
    [{ segmentColumns: ['A', 'B', 'C', 'D', 'E', 'F'] }, 'segmentColumns', /<=5/u],
  ])('refuses %j before anything is sent', (change, property, reason) => {
    const { failures } = checkInputs(modelMonitor, { ...given, ...change });
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  });
});
