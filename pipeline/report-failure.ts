import { exitCode, type ExitCode } from './exit-code.ts';
import { PipelineFailure } from './failure.ts';
import { SqlFailure } from './snowflake/sql-failure.ts';
import { openOutput } from './terminal/output.ts';
import { printable } from './terminal/printable.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Says on stderr what went wrong and the way out; gives the exit code. A defect of ours shows its stack trace only with DEBUG set. */
export const reportFailure = (error: unknown, json: boolean, environment: Environment): ExitCode => {
  const output = openOutput(json, environment);
  const { errorColours } = output;
  if (!(error instanceof PipelineFailure)) {
    const detail =
      error instanceof Error
        ? (environment['DEBUG'] ?? '') === ''
          ? error.message
          : (error.stack ?? error.message)
        : String(error);
    if (json) output.remark(JSON.stringify({ event: 'error', message: detail, exitCode: exitCode.defect }));
    else output.remark(`${errorColours.red('pipeline has a defect:')} ${printable(detail)}\nSet DEBUG=1 to see where.`);
    return exitCode.defect;
  }
  if (json) {
    output.remark(
      JSON.stringify({
        event: 'error',
        message: error.message,
        wayOut: error.wayOut ?? null,
        ...(error instanceof SqlFailure ? { code: error.code, sqlState: error.sqlState } : {}),
        exitCode: error.exitCode,
      }),
    );
    return error.exitCode;
  }
  const code = error instanceof SqlFailure ? ` (${error.code}${error.sqlState === '' ? '' : `, ${error.sqlState}`})` : '';
  output.remark(`${errorColours.red('✗')} ${printable(error.message)}${code}`);
  if (error.wayOut !== undefined) output.remark(`  ${error.wayOut}`);
  return error.exitCode;
};
