/** A task graph that Snowflake would refuse, or that could never run; says everything that is wrong with it. */
export class TaskGraphError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The task graph cannot be deployed:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'TaskGraphError';
    this.problems = problems;
  }
}
