import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskGraphServer } from './task-graph-server.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-graph-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

// https://docs.snowflake.com/en/user-guide/task-graph-object
describe('a TASK GRAPH', () => {
  it('goes on over a restart with what was committed and with what is staged', async () => {
    const first = await TaskGraphServer.start(folder);
    await first.clear();
    await first.committed("schedule = '10 MINUTES'", 'a', 'b');
    await first.run('alter task graph g resume', "alter task b modify as insert into log values ('staged')");
    await first.execute();
    expect(await first.written()).toEqual(['a', 'b']);
    await first.tasks.close();

    const second = await TaskGraphServer.start(folder);
    try {
      await second.run('use schema test_db.test_schema');
      expect((await second.changes()).map((row) => row['ENTITY_NAME'])).toEqual(['B']);
      expect(await second.refusal('drop task b')).toContain('committed version');
      expect((await second.graphRuns()).map((row) => row['GRAPH_VERSION'])).toEqual([1]);
      await second.tasks.clock.advanceBy(600_000);
      await second.tasks.settle();
      expect(await second.written()).toEqual(['a', 'b']);
      expect((await second.graphRuns()).map((row) => row['GRAPH_VERSION'])).toEqual([1, 1]);
    } finally {
      await second.tasks.close();
    }
  });

  it('is not retried when its first attempt is more than 14 days old', async () => {
    const server = await TaskGraphServer.start(folder);
    try {
      await server.clear();
      await server.committed('', 'a', 'b');
      await server.run('alter task b modify as insert into missing values (1)', 'alter task graph g commit');
      await server.execute();
      await server.tasks.clock.advanceBy(14 * 86_400_000 + 1);
      // The first session has expired by now.
      const later = await server.tasks.connect({ database: 'TEST_DB', schema: 'TEST_SCHEMA' });
      expect(await server.tasks.refusal('execute task graph g retry last', later)).toContain('more than 14 days old');
    } finally {
      await server.tasks.close();
    }
  });
});
