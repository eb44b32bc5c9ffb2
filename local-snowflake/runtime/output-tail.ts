/** The last `limit` bytes of a text that comes in pieces. */
export class OutputTail {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size > 4 * this.#limit) this.#shrink();
  }

  /** Whole UTF-8 characters only. */
  text(): string {
    this.#shrink();
    return Buffer.concat(this.#pieces)
      .toString('utf8')
      .replace(/^\uFFFD+/u, '');
  }

  #shrink(): void {
    const all = Buffer.concat(this.#pieces);
    const kept = all.subarray(Math.max(0, all.length - this.#limit));
    this.#pieces = [kept];
    this.#size = kept.length;
  }
}
