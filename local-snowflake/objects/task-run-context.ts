/** What the code of a task can ask about its run; handed down to every session that the task's body opens. */
export interface TaskRunContext {
  /** `DB.SCHEMA.TASK` */
  readonly taskName: string;
  /** @throws SnowflakeError when the value is longer than 10 kB */
  setReturnValue(value: string): Promise<void>;
  /** @throws SnowflakeError when there is no such enabled predecessor */
  predecessorReturnValue(name: string | undefined): string | null;
  /** Text of the graph's configuration, or of the value at a path in it; null when there is none. */
  graphConfig(path: string | undefined): string | null;
  /** Value for an argument of SYSTEM$TASK_RUNTIME_INFO. @throws SnowflakeError for an unknown argument */
  runtimeInfo(argument: string): string | null;
}
