import type { ResultSet } from '../sql/result-set.ts';

/** What the wire asks of the sessions behind it. The wire knows nothing else of the local Snowflake. */
export interface SnowflakeService {
  readonly account: AccountFacts;
  /** Opens a session. @throws SnowflakeError `incorrectCredentials`, `invalidJwt`, `requestedRoleNotAssigned`, … */
  login(request: LoginRequest): Promise<OpenedSession>;
  /** @throws SnowflakeError `sessionTokenInvalid`, `sessionTokenExpired`, `sessionGone` */
  sessionOf(token: string): ClientSession;
  /** Exchanges the master token for a new session token. @throws SnowflakeError `masterTokenExpired` */
  renew(masterToken: string): SessionTokens & { readonly sessionId: number };
  /** A presigned URL's path (behind the prefix that the wire serves) to a file on disk; undefined when expired or unknown. */
  presigned(path: string, method: 'GET' | 'PUT'): Promise<PresignedFile | undefined>;
  close(): Promise<void>;
}

export interface AccountFacts {
  /** Account locator, for example `LOCAL`. */
  readonly account: string;
  readonly organization: string;
  readonly accountName: string;
  readonly region: string;
  /** Snowflake's version number as clients read it, `9.36.1`. */
  readonly version: string;
}

export interface PresignedFile {
  /** Absolute path on this machine. */
  readonly path: string;
}

export interface LoginRequest {
  readonly accountName: string;
  readonly loginName: string;
  readonly authenticator: 'SNOWFLAKE' | 'SNOWFLAKE_JWT' | 'OAUTH' | 'PROGRAMMATIC_ACCESS_TOKEN' | (string & {});
  readonly password?: string;
  readonly token?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly warehouse?: string;
  readonly role?: string;
  readonly clientAppId: string;
  readonly clientAppVersion: string;
  readonly sessionParameters: Readonly<Record<string, unknown>>;
  readonly remoteAddress: string;
}

export interface SessionTokens {
  readonly token: string;
  readonly masterToken: string;
  readonly validitySeconds: number;
  readonly masterValiditySeconds: number;
}

export interface OpenedSession extends SessionTokens {
  readonly session: ClientSession;
}

/** A session parameter as login and query answers carry it. */
export interface ParameterValue {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** The current objects of a session; names are folded, null where none is set. */
export interface SessionContext {
  readonly database: string | null;
  readonly schema: string | null;
  readonly warehouse: string | null;
  readonly role: string | null;
}

export interface ClientSession {
  /** Fits a JavaScript integer; clients print it. */
  readonly id: number;
  readonly user: string;
  context(): SessionContext;
  parameters(): readonly ParameterValue[];
  /** Starts a statement at once; its end is awaited on the returned query. Never throws: faults are the query's outcome. */
  submit(request: StatementRequest): Query;
  /** A query of this session's user by its id, running or kept. @throws SnowflakeError `statementNotFound` */
  query(queryId: string): Query;
  /** Cancels by the client's request id; false when nothing of that id is running. */
  abort(requestId: string): boolean;
  heartbeat(): void;
  close(): Promise<void>;
}

export interface StatementRequest {
  readonly requestId: string;
  readonly text: string;
  readonly describeOnly: boolean;
  /** Keyed `1`, `2`, … for `?` and `:1`; as the drivers send them. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Statement-level parameters, for example `MULTI_STATEMENT_COUNT`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Binding {
  /** Driver type name: TEXT, FIXED, REAL, BOOLEAN, DATE, TIME, TIMESTAMP_NTZ, … */
  readonly type: string;
  /** One value, or an array of values for a batch insert. */
  readonly value: string | null | readonly (string | null)[];
  readonly format?: string;
}

export type QueryState = 'RUNNING' | 'SUCCESS' | 'FAILED_WITH_ERROR' | 'ABORTED';

export interface Query {
  readonly id: string;
  readonly text: string;
  state(): QueryState;
  /** Resolves once the statement has ended. @throws SnowflakeError */
  outcome(): Promise<StatementOutcome>;
}

export type StatementOutcome = ResultOutcome | UploadOutcome | DownloadOutcome | MultiOutcome;

interface OutcomeFacts {
  /** Snowflake's statement type number (SELECT 0x1000, DML 0x3000, DDL 0x6000, SHOW …). */
  readonly statementTypeId: number;
  /** The session's context behind the statement (`finalDatabaseName` … of the answer). */
  readonly context: SessionContext;
  /** Parameters that the statement changed. */
  readonly parameters: readonly ParameterValue[];
  readonly numberOfBinds: number;
}

export interface ResultOutcome extends OutcomeFacts {
  readonly kind: 'result';
  readonly result: ResultSet;
}

/** PUT: what the driver must upload, and where to. */
export interface UploadOutcome extends OutcomeFacts {
  readonly kind: 'upload';
  readonly sources: readonly string[];
  readonly autoCompress: boolean;
  readonly overwrite: boolean;
  readonly sourceCompression: string;
  readonly parallel: number;
  readonly threshold: number;
  readonly target: TransferTarget;
}

/** GET: which files the driver fetches, and from where. */
export interface DownloadOutcome extends OutcomeFacts {
  readonly kind: 'download';
  /** Paths relative to `target`. */
  readonly sources: readonly string[];
  readonly localLocation: string;
  readonly parallel: number;
  readonly target: TransferTarget;
}

export type TransferTarget =
  /** A folder on this machine, for clients on this machine. */
  | { readonly kind: 'local'; readonly directory: string }
  /** Plain-HTTP URLs, one for each source, for clients that do not share the file system. */
  | { readonly kind: 'presigned'; readonly paths: readonly string[] };

/** Several statements in one request; each is a query of its own. */
export interface MultiOutcome extends OutcomeFacts {
  readonly kind: 'multi';
  readonly queries: readonly { readonly id: string; readonly statementTypeId: number }[];
}
