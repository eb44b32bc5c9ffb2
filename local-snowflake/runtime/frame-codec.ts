/** A message to or from a worker: two lengths (big-endian, 32 bits), a JSON header, a payload of bytes. */
export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

const lengthsSize = 8;
/** Far above what a header needs; a larger one means that the stream is not ours. */
const longestHeader = 64 * 1024 * 1024;

export function encodeFrame(header: Readonly<Record<string, unknown>>, payload?: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(lengthsSize);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(payload?.length ?? 0, 4);
  return payload === undefined ? Buffer.concat([lengths, text]) : Buffer.concat([lengths, text, payload]);
}

/** Cuts a byte stream into frames, whatever the sizes of the pieces in which it arrives. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #size = 0;
  #wanted = lengthsSize;

  /** Takes the next piece; returns the frames that it completes. @throws Error when the bytes are no frames */
  push(piece: Buffer): Frame[] {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const frames: Frame[] = [];
    while (this.#size >= this.#wanted) {
      // Pieces are joined only when there is enough: a large payload is not copied once a piece.
      const bytes = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
      const headerLength = bytes.readUInt32BE(0);
      if (headerLength > longestHeader) throw new Error('not a frame of the worker protocol');
      const total = lengthsSize + headerLength + bytes.readUInt32BE(4);
      if (bytes.length < total) {
        this.#pieces = [bytes];
        this.#wanted = total;
        break;
      }
      const headerEnd = lengthsSize + headerLength;
      frames.push({
        header: JSON.parse(bytes.toString('utf8', lengthsSize, headerEnd)) as Record<string, unknown>,
        payload: bytes.subarray(headerEnd, total),
      });
      const rest = bytes.subarray(total);
      this.#pieces = rest.length === 0 ? [] : [rest];
      this.#size = rest.length;
      this.#wanted = lengthsSize;
    }
    return frames;
  }
}
