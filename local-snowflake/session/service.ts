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
  /** A presigned URL's path (what follows `presignedPrefix`) to a file on disk; undefined when expired, unknown or of the other method. */
  presigned(path: string, method: 'GET' | 'PUT'): Promise<PresignedFile | undefined>;
  /**
   * A token for public endpoints, for a key-pair JWT.
   * @throws SnowflakeError `invalidJwt`, `requestedRoleNotAssigned`, …
   */
  exchangeToken(request: TokenExchange): Promise<string>;
  /** Who a request to a service's public endpoint comes from, and where it goes. */
  enterEndpoint(request: EndpointRequest): Promise<EndpointEntry>;
  /** The wire listens: URLs in results (GET_PRESIGNED_URL) begin with `origin`, for example `http://127.0.0.1:8085`. */
  listeningAt(origin: string): void;
  close(): Promise<void>;
}

export interface TokenExchange {
  /** A JWT signed with one of the user's keys. */
  readonly assertion: string;
  /** `session:role:R <endpoint>`, either part may be left out. */
  readonly scope: string;
}

export interface EndpointRequest {
  /** The endpoint's host, as SHOW ENDPOINTS writes it at the end of `ingress_url`. */
  readonly host: string;
  /** The token of `Authorization: Snowflake Token="…"`; undefined when there was none. */
  readonly token: string | undefined;
  /** Aborted when the client has gone or waited too long. */
  readonly signal: AbortSignal;
}

export type EndpointEntry =
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 404 | 503; readonly reason: string }
  | {
      readonly kind: 'entered';
      /** Where the service's process listens. */
      readonly address: string;
      readonly port: number;
      readonly user: string;
      /** The request is over. */
      leave(): void;
    };

/** Where the wire serves public endpoints of services: prefix + host + the path in the service. */
export const ingressPrefix = '/ingress/';

/** Where the wire serves presigned files; a presigned URL is origin + prefix + path. */
export const presignedPrefix = '/stage-files/';

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
  /** What drivers read: TIMEZONE, the *_OUTPUT_FORMATs, CLIENT_STAGE_ARRAY_BINDING_THRESHOLD = 0 (binds come inline), … */
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
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch; undefined while it runs. */
  endedAt(): number | undefined;
  state(): QueryState;
  /** Resolves once the statement has ended. @throws SnowflakeError */
  outcome(): Promise<StatementOutcome>;
  /** Cancels it; false when it has already ended. */
  abort(): boolean;
}

export type StatementOutcome = ResultOutcome | UploadOutcome | DownloadOutcome | MultiOutcome;

interface OutcomeFacts {
  /**
   * Snowflake's statement type number. Drivers sum the result's cells into the row count for 0x3000–0x3500
   * (INSERT 0x3100, UPDATE 0x3200, DELETE 0x3300, MERGE 0x3400, multi-table INSERT 0x3500) and for nothing else;
   * SELECT 0x1000, SHOW and DESCRIBE 0x4000 …, DDL 0x6000 …, several statements 0xA000.
   */
  readonly statementTypeId: number;
  /** The session's context behind the statement (`finalDatabaseName` … of the answer). */
  readonly context: SessionContext;
  /** The session's parameters behind the statement, as `ClientSession.parameters()` gives them. */
  readonly parameters: readonly ParameterValue[];
  readonly numberOfBinds: number;
}

export interface ResultOutcome extends OutcomeFacts {
  readonly kind: 'result';
  readonly result: ResultSet;
  /** Whether the result of a query may go to the Python connector as Arrow: PYTHON_CONNECTOR_QUERY_RESULT_FORMAT. */
  readonly arrow: boolean;
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
  /** Paths behind `presignedPrefix`, one for each source, for clients that do not share the file system. */
  | { readonly kind: 'presigned'; readonly paths: readonly string[] };

/** Several statements in one request; each is a query of its own. */
export interface MultiOutcome extends OutcomeFacts {
  readonly kind: 'multi';
  readonly queries: readonly { readonly id: string; readonly statementTypeId: number }[];
}

/** What the `local-snowflake` commands ask of a running server. No part of Snowflake. */
export interface ServerAdministration {
  /** The newest `limit` statements, oldest first. Secrets in statement texts are masked. */
  history(limit: number): readonly HistoryEntry[];
  /** Every notification sent or kept, oldest first. Webhook secrets are masked. */
  outbox(): readonly OutboxEntry[];
  /** Open sessions and running statements. */
  load(): { readonly sessions: number; readonly runningQueries: number };
}

export interface HistoryEntry {
  readonly queryId: string;
  readonly sessionId: number;
  readonly user: string;
  readonly role: string | null;
  readonly text: string;
  readonly state: QueryState;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Rows of the result; null when there is none. */
  readonly rows: number | null;
}

export interface OutboxEntry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'email' | 'webhook' | 'queue';
  readonly integration: string;
  /** E-mail addresses, or the one URL of a webhook or topic of a queue. */
  readonly recipients: readonly string[];
  readonly subject: string | null;
  readonly body: string;
  /** `kept`: nowhere to deliver it to. */
  readonly delivery: 'delivered' | 'kept' | 'failed';
  /** HTTP status or fault of a webhook call. */
  readonly detail: string | null;
}
