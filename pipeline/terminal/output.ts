import { coloursFor, type Colours } from './style.ts';

/** Where a command's results go. Results to stdout, remarks and errors to stderr. */
export interface Output {
  /** JSON lines instead of text. */
  readonly json: boolean;
  /** A terminal that can be redrawn. */
  readonly live: boolean;
  readonly colours: Colours;
  readonly errorColours: Colours;
  /** Size of the terminal; without one, lines are not cut. */
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  print(line: string): void;
  /** A remark that is not part of the result. */
  remark(line: string): void;
}

interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
}

interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

type Environment = Readonly<Record<string, string | undefined>>;

const isCi = (environment: Environment): boolean => !['', '0', 'false'].includes(environment['CI'] ?? '');

export const openOutput = (json: boolean, environment: Environment, streams: Streams = process): Output => {
  const { stdout, stderr } = streams;
  const terminal = stdout.isTTY === true;
  return {
    json,
    live: terminal && !json && !isCi(environment) && environment['TERM'] !== 'dumb',
    colours: coloursFor(stdout, environment),
    errorColours: coloursFor(stderr, environment),
    columns: (terminal ? stdout.columns : undefined) ?? Number.POSITIVE_INFINITY,
    rows: (terminal ? stdout.rows : undefined) ?? Number.POSITIVE_INFINITY,
    write: (text) => void stdout.write(text),
    print: (line) => void stdout.write(`${line}\n`),
    remark: (line) => void stderr.write(`${line}\n`),
  };
};
