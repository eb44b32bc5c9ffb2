/** A text file's records, each with its end. */
export interface TextRecords {
  /** What every file begins with: the header line. */
  readonly head: string;
  readonly records: readonly string[];
}

export interface TextPart {
  /** As they are stored. */
  readonly bytes: Buffer;
  readonly rows: number;
  /** Bytes before compression. */
  readonly inputBytes: number;
}

/**
 * One file, or as many as it takes to keep each near `most` bytes as stored; a record is never cut. How far the whole can be compressed
 * tells how many records go into one, so that a file may come out a little larger, as the page allows.
 * https://docs.snowflake.com/en/sql-reference/sql/copy-into-location#copy-options-copyoptions
 */
export async function splitRecords(
  { head, records }: TextRecords,
  compress: (bytes: Buffer) => Promise<Buffer>,
  most: number | undefined,
): Promise<TextPart[]> {
  const part = async (some: readonly string[]): Promise<TextPart> => {
    const text = Buffer.from(head + some.join(''), 'utf8');
    return { bytes: await compress(text), rows: some.length, inputBytes: text.length };
  };
  const whole = await part(records);
  if (most === undefined || whole.bytes.length <= most) return [whole];
  const room = Math.floor((most * whole.inputBytes) / whole.bytes.length) - Buffer.byteLength(head);
  const parts: TextPart[] = [];
  for (const run of runs(records, room)) parts.push(await part(run));
  return parts;
}

/** Runs of records of up to `room` bytes; one record at least. */
function runs(records: readonly string[], room: number): string[][] {
  const result: string[][] = [];
  let left = 0;
  for (const record of records) {
    const size = Buffer.byteLength(record);
    const last = result.at(-1);
    if (last === undefined || size > left) {
      result.push([record]);
      left = room - size;
    } else {
      last.push(record);
      left -= size;
    }
  }
  return result;
}
