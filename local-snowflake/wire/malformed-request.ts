/** A request that no driver sends: answered with an HTTP 4xx that says what is wrong with it. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
  readonly statusCode: number;

  constructor(statusCode: 400 | 404 | 413 | 415 | 416, message: string) {
    super(message);
    this.statusCode = statusCode;
  }

  /** Drivers know this code as "bad request". */
  static readonly code = '390400';
}
