import * as pulumi from '@pulumi/pulumi';

import { StackConfigError } from './config.ts';
import { ConnectionError } from './connection.ts';
import { TaskGraphError } from './graph/task-graph-error.ts';
import { PayloadError } from './payloads.ts';

const explanations = [StackConfigError, ConnectionError, TaskGraphError, PayloadError];

/** Runs `work`. What it refuses about the user's input ends the program with the explanation alone, without a stack trace. */
export function explained<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && explanations.some((kind) => error instanceof kind)) throw new pulumi.RunError(error.message);
    throw error;
  }
}
