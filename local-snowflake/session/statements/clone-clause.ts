import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { CreateRequest, Draft, Kind } from '../../objects/kind.ts';
import { type PointInTime, readPointInTime } from '../../objects/point-in-time.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Statement } from '../statement.ts';
import { timeOfPoint } from '../time-of-point.ts';

/** What `CLONE …` in a CREATE asks for. */
export interface CloneClause {
  readonly source: CatalogObject;
  readonly point: PointInTime | undefined;
  /** The point as a time: epoch milliseconds. */
  readonly at: number | undefined;
  readonly internalStages: boolean;
  readonly passOverTables: boolean;
  readonly copyGrants: boolean;
  /** WITH MANAGED ACCESS */
  readonly managedAccess: boolean;
}

/** `CLONE source [AT|BEFORE (…)] …`; undefined when it does not come, or when the kind's own grammar reads it. */
export async function readCloneClause(
  stream: TokenStream,
  kind: Kind,
  { modifiers }: CreateRequest,
  { scope, state: { account } }: Statement,
): Promise<CloneClause | undefined> {
  if (kind.cloning?.alone !== true || !stream.accept('CLONE')) return undefined;
  const name = stream.name();
  const { cloning } = kind;
  const other = cloning.from?.find((each) => scope.tryFind(each, name) !== undefined);
  const source = scope.find(other ?? kind.name, name, ...(cloning.privilege === undefined ? [] : [cloning.privilege]));
  if (source.session !== undefined && !modifiers.has('TEMPORARY') && !modifiers.has('TRANSIENT'))
    throw SnowflakeError.of('temporaryClone', {});
  if (source.properties['TRANSIENT'] === true && !modifiers.has('TEMPORARY') && !modifiers.has('TRANSIENT'))
    throw SnowflakeError.of('transientClone', {});
  const point = cloning.historical === true ? await readPointInTime(stream, scope) : undefined;
  const at = point === undefined ? undefined : timeOfPoint(point, account);
  requireExistence(source, at);
  const container = kind.name === 'DATABASE' || kind.name === 'SCHEMA';
  const options = { internalStages: false, passOverTables: false, copyGrants: false, managedAccess: false };
  for (;;) {
    if (!container && stream.accept('COPY GRANTS')) options.copyGrants = true;
    else if (container && stream.accept('IGNORE TABLES WITH INSUFFICIENT DATA RETENTION')) options.passOverTables = true;
    else if (container && stream.accept('INCLUDE INTERNAL STAGES')) options.internalStages = true;
    else if (kind.name === 'SCHEMA' && stream.accept('WITH MANAGED ACCESS')) options.managedAccess = true;
    // There are no hybrid tables to be passed over.
    else if (!container || !stream.accept('IGNORE HYBRID TABLES')) break;
  }
  return { source, point, at, ...options };
}

/** https://docs.snowflake.com/en/user-guide/object-clone#cloning-of-historical-objects */
function requireExistence(source: CatalogObject, at: number | undefined): void {
  if (at === undefined || source.createdOn <= at) return;
  throw SnowflakeError.of('timeTravelUnavailable', { kind: source.kind.toLowerCase(), name: displayIdentifier(source.name) });
}

/** What the clone takes over from its source, before what the rest of the statement says. */
export function cloneDraft({ source, managedAccess }: CloneClause, kind: Kind, { modifiers }: CreateRequest): Draft {
  const transient = kind.modifiers?.includes('TRANSIENT') === true ? { TRANSIENT: modifiers.has('TRANSIENT') } : {};
  return {
    properties: { ...source.properties, ...transient, ...(managedAccess ? { 'MANAGED ACCESS': true } : {}) },
    parameters: source.parameters,
    comment: source.comment,
    tags: source.tags,
  };
}
