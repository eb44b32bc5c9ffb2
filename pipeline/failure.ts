import { exitCode, type ExitCode } from './exit-code.ts';

/**
 * A failure whose cause the user can understand and act on: what happened, and the way out.
 * Everything else that is thrown is a defect of this program and is reported as one.
 */
export class PipelineFailure extends Error {
  override readonly name = 'PipelineFailure';
  readonly wayOut: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, details: { readonly wayOut?: string; readonly exitCode?: ExitCode; readonly cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.wayOut = details.wayOut;
    this.exitCode = details.exitCode ?? exitCode.unusable;
  }
}
