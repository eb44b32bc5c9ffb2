import { once } from 'node:events';
import snowflake, {
  type Binds,
  type Connection,
  type ConnectionOptions,
  type FileAndStageBindStatement,
  type RowStatement,
} from 'snowflake-sdk';

// Without this the driver writes snowflake.log into the working directory.
snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false });

export type ConnectOptions = Partial<ConnectionOptions>;
export type SdkRow = Record<string, unknown>;
export type SdkStatement = RowStatement | FileAndStageBindStatement;

export interface ExecuteOptions {
  readonly binds?: Binds;
  readonly describeOnly?: boolean;
  readonly asyncExec?: boolean;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
  /** Cells as the texts that the driver makes of them. */
  readonly fetchAsString?: readonly ('String' | 'Boolean' | 'Number' | 'Date' | 'JSON' | 'Buffer')[];
}

export interface SdkResult {
  readonly statement: SdkStatement;
  readonly rows: readonly SdkRow[];
}

/** Snowflake's Node.js driver with promises. */
export class SdkConnection {
  readonly driver: Connection;

  private constructor(driver: Connection) {
    this.driver = driver;
  }

  static async open(options: ConnectionOptions): Promise<SdkConnection> {
    const connection = new SdkConnection(snowflake.createConnection(options));
    await new Promise<void>((resolve, reject) => {
      connection.driver.connect((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return connection;
  }

  run(sqlText: string, options: ExecuteOptions = {}): Promise<SdkResult> {
    return new Promise((resolve, reject) => {
      const complete = (error: unknown, statement: SdkStatement, rows: SdkRow[] | undefined): void => {
        if (error) reject(error);
        else resolve({ statement, rows: rows ?? [] });
      };
      this.driver.execute({ sqlText, complete, ...options } as unknown as Parameters<Connection['execute']>[0]);
    });
  }

  /** The rows alone. */
  async rows(sqlText: string, options: ExecuteOptions = {}): Promise<readonly SdkRow[]> {
    return (await this.run(sqlText, options)).rows;
  }

  /** The first cell of the first row. */
  async value(sqlText: string, options: ExecuteOptions = {}): Promise<unknown> {
    return Object.values((await this.rows(sqlText, options))[0] ?? {})[0];
  }

  /** The rows of a result by its query id. */
  async resultOf(queryId: string): Promise<readonly SdkRow[]> {
    const statement = await this.driver.getResultsFromQueryId({ sqlText: '', queryId });
    const rows: SdkRow[] = [];
    const stream = statement.streamRows().on('data', (row: SdkRow) => rows.push(row));
    await once(stream, 'end');
    return rows;
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.driver.destroy((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}
