import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/**
 * A file of lines that only grows. A line counts wholly or not at all: what a crash cut off is taken away at the next opening,
 * and a write that fails (a full disk) leaves no half line. `append` returns when the operating system has the bytes, so that
 * nothing is lost when the process is killed; `sync` forces them to the disk.
 */
export class AppendLog {
  readonly #path: string;
  #file: number;
  /** Bytes that hold whole lines. */
  #length: number;

  private constructor(path: string, file: number, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /** Opens the file, or makes it (mode 600). */
  static open(path: string): AppendLog {
    const exists = existsSync(path);
    const bytes = exists ? readFileSync(path) : Buffer.alloc(0);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    const file = openSync(path, exists ? 'r+' : 'w+', 0o600);
    if (whole < bytes.length) ftruncateSync(file, whole);
    return new AppendLog(path, file, whole);
  }

  /** Bytes on disk. */
  get length(): number {
    return this.#length;
  }

  *lines(): Generator<string> {
    const text = readFileSync(this.#path, 'utf8');
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start);
      yield text.slice(start, end);
      start = end + 1;
    }
  }

  /** `line` must hold no newline. @throws Error when it cannot be written; the file is then as it was */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      writeWhole(this.#file, bytes, this.#length);
      this.#length += bytes.length;
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
  }

  /** Puts other lines in the place of all, in one step. */
  rewrite(lines: Iterable<string>): void {
    const path = `${this.#path}.new`;
    const file = openSync(path, 'w', 0o600);
    let length = 0;
    for (const line of lines) {
      const bytes = Buffer.from(`${line}\n`);
      writeWhole(file, bytes, length);
      length += bytes.length;
    }
    fdatasyncSync(file);
    closeSync(file);
    renameSync(path, this.#path);
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'r+');
    this.#length = length;
  }

  sync(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    fdatasyncSync(this.#file);
    closeSync(this.#file);
  }
}

function writeWhole(file: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}
