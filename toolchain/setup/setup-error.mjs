// @ts-check

/** Something the person at the keyboard can mend; printed without a stack trace. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong and the way out
   * @param {string} [log] output of the command that failed
   */
  constructor(message, log) {
    super(message);
    this.name = 'SetupError';
    this.log = log;
  }
}

/** Runs a script's main function; a SetupError becomes its message and exit code 1. @param {() => Promise<number | void>} main */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (error.log) process.stderr.write(`${error.log.trimEnd()}\n`);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
