import { createHash } from 'node:crypto';

/** What a task is, apart from whether it runs: everything that, changed, is a change of the graph. */
export interface TaskFacts {
  /** Names of the predecessors in the same graph. */
  readonly after: readonly string[];
  readonly finalizes?: string | undefined;
  readonly warehouse?: string | undefined;
  /** As Snowflake writes it: `720 MINUTE`, `USING CRON 0 3 * * * UTC`. */
  readonly schedule?: string | undefined;
  readonly when?: string | undefined;
  readonly body: string;
  readonly config?: string | undefined;
  readonly comment?: string | undefined;
}

/**
 * A short text that is equal for tasks that are equal. Spelling that makes no difference to Snowflake makes none here:
 * blanks and letter case of statements, the order of predecessors.
 */
export function taskFingerprint(facts: TaskFacts): string {
  const statement = (text = ''): string => text.replaceAll(/\s+/gu, ' ').trim().toLowerCase();
  const parts = [
    facts.after.toSorted(),
    facts.finalizes ?? '',
    facts.warehouse ?? '',
    facts.schedule?.toUpperCase() ?? '',
    statement(facts.when),
    statement(facts.body),
    facts.config ?? '',
    facts.comment ?? '',
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
