import type { Socket } from 'node:net';
import { type Frame, FrameReader, encodeFrame } from './frame-codec.ts';

/** One end of a socket to a worker or a supervisor, frame by frame. */
export class WorkerConnection {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #frames: Frame[] = [];
  readonly #waiting: ((frame: Frame | undefined) => void)[] = [];
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (piece) => {
      this.#take(piece);
    });
    socket.on('error', () => {
      this.#end();
    });
    socket.on('close', () => {
      this.#end();
    });
  }

  /** The next frame, or undefined once the other side has gone. */
  next(): Promise<Frame | undefined> {
    const frame = this.#frames.shift();
    if (frame !== undefined) {
      if (this.#frames.length === 0) this.#socket.resume();
      return Promise.resolve(frame);
    }
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Writing to a connection that is gone does nothing; its reader learns of it. */
  send(header: Readonly<Record<string, unknown>>, payload?: Uint8Array): void {
    if (!this.#closed) this.#socket.write(encodeFrame(header, payload));
  }

  close(): void {
    this.#socket.destroy();
    this.#end();
  }

  #take(piece: Buffer): void {
    let frames: Frame[];
    try {
      frames = this.#reader.push(piece);
    } catch {
      this.close();
      return;
    }
    for (const frame of frames) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#frames.push(frame);
      else waiting(frame);
    }
    // Unread frames hold the sender back instead of filling memory.
    if (this.#frames.length > 16) this.#socket.pause();
  }

  #end(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
  }
}
