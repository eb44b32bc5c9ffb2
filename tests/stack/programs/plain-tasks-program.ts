// Tasks as the Snowflake provider has them and nothing of this project's around them, which tests describe in tasks.json.
import { readFileSync } from 'node:fs';

import { Task, type TaskArgs } from '@pulumi/snowflake';

import { findConnection } from '../../../components/connection.ts';
import { connectProviders } from '../../../components/providers.ts';

export interface PlainTask extends Pick<TaskArgs, 'sqlStatement' | 'started' | 'schedule'> {
  /** Name in the stack; what names the task in the account is `name`. */
  readonly key: string;
  readonly name: string;
  /** Names in the stack. */
  readonly after?: readonly string[];
  readonly finalize?: string;
}

const described = JSON.parse(readFileSync('tasks.json', 'utf8')) as readonly PlainTask[];
const { snowflake: provider } = connectProviders('administrator', { connection: findConnection('local'), showStatements: false });
const tasks = new Map<string, Task>();
for (const { key, after = [], finalize, ...properties } of described) {
  const qualified = (other: string): Task['fullyQualifiedName'] => {
    const task = tasks.get(other);
    if (task === undefined) throw new Error(`${key} stands before ${other}`);
    return task.fullyQualifiedName;
  };
  const task = new Task(
    key,
    {
      database: 'LAB',
      schema: 'PLAIN',
      warehouse: 'LAB_WH',
      ...properties,
      ...(after.length === 0 ? {} : { afters: after.map(qualified) }),
      ...(finalize === undefined ? {} : { finalize: qualified(finalize) }),
    },
    { provider },
  );
  tasks.set(key, task);
}
