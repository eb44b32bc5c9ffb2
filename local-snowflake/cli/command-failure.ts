/** Exit codes of the `local-snowflake` command. */
export const exitCodes = {
  ok: 0,
  /** A fault of this program. */
  internal: 1,
  /** Wrong arguments. */
  usage: 2,
  notRunning: 3,
  portInUse: 4,
  /** Another process works on the data folder. */
  dataInUse: 5,
  /** The data folder cannot be used: not ours, not writable, of a newer version. */
  dataUnusable: 6,
  /** The server did not become ready, or did not stop, in time. */
  timeout: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with a message that names the cause and the way out. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
