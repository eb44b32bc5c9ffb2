import { type Row, type Session, StatementFailed } from '../../provider/snowflake/session.ts';

type Answer = readonly Row[] | StatementFailed | ((statement: string) => readonly Row[]);

/** A session that answers by pattern and keeps what it was asked. Whatever has no answer gets no rows. */
export class ScriptedSession implements Session {
  readonly statements: string[] = [];
  paused = 0;
  readonly #answers: (readonly [pattern: RegExp, answer: Answer])[] = [];

  /** Answers statements that match; the newest pattern counts. */
  on(pattern: RegExp, answer: Answer): this {
    this.#answers.unshift([pattern, answer]);
    return this;
  }

  execute(statement: string): Promise<readonly Row[]> {
    this.statements.push(statement);
    const answer = this.#answers.find(([pattern]) => pattern.test(statement))?.[1] ?? [];
    if (answer instanceof StatementFailed) return Promise.reject(answer);
    return Promise.resolve(typeof answer === 'function' ? answer(statement) : answer);
  }

  pause(): Promise<void> {
    this.paused += 1;
    return Promise.resolve();
  }

  /** The statements that change something. */
  get changes(): readonly string[] {
    return this.statements.filter((statement) => !/^(?:SHOW|DESCRIBE|LIST) /u.test(statement));
  }
}

export const missing = new StatementFailed('Object does not exist or not authorized.', 2003);
export const ignore = (): void => undefined;
