/** Where something stands in a script: lines count from 1, positions in a line from 0, as Snowflake's messages do. */
export interface Place {
  readonly line: number;
  readonly position: number;
}

export function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, position: offset - (before.lastIndexOf('\n') + 1) };
}
