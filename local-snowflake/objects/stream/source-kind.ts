import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { ObjectScope } from '../object-scope.ts';
import { requireDirectory } from '../stage-directory.ts';

/** A kind of object that streams can be on. https://docs.snowflake.com/en/sql-reference/sql/create-stream */
export interface SourceKind {
  /** As CREATE STREAM names it, and the catalog. */
  readonly name: string;
  /** As SHOW STREAMS names it. */
  readonly shown: string;
  /** What reading the stream asks for on the source. */
  readonly privilege: 'SELECT' | 'READ';
  /** Whether the stream may begin in the past, be append-only or show initial rows. */
  readonly hasOptions: boolean;
  /** Whether the first stream is the owner's to make, since it begins the recording of changes. */
  readonly begunByOwner: boolean;
  /** Whether rows are told apart by what is in them, since refreshes write them anew. */
  readonly byContent: boolean;
}

const rows = { hasOptions: true, begunByOwner: true, byContent: false } as const;
const refreshed = { hasOptions: false, begunByOwner: false, byContent: true } as const;

const sourceKinds: readonly SourceKind[] = [
  { name: 'TABLE', shown: 'Table', privilege: 'SELECT', ...rows },
  { name: 'VIEW', shown: 'View', privilege: 'SELECT', ...rows },
  { name: 'DYNAMIC TABLE', shown: 'Dynamic Table', privilege: 'SELECT', ...refreshed },
  { name: 'STAGE', shown: 'Stage', privilege: 'READ', ...refreshed },
];

/** Objects that there are none of here. */
const missingKinds = ['EXTERNAL TABLE', 'EVENT TABLE', 'ICEBERG TABLE'];

export function sourceKindOf(source: Pick<CatalogObject, 'kind'>): SourceKind {
  const kind = sourceKinds.find(({ name }) => name === source.kind);
  if (kind === undefined) throw new Error(`no stream is on a ${source.kind}`);
  return kind;
}

/** `ON TABLE t`, `ON STAGE s` …: what the stream is to be on. @throws SnowflakeError also for a source that a stream cannot be on */
export function readSource(tokens: TokenStream, scope: ObjectScope): CatalogObject {
  tokens.expect('ON');
  for (const kind of missingKinds)
    if (tokens.accept(kind)) throw SnowflakeError.of('unsupported', { feature: `CREATE STREAM … ON ${kind}` });
  const kind = sourceKinds.find(({ name }) => tokens.accept(name));
  if (kind === undefined) throw tokens.unexpected();
  const name = tokens.name();
  // Tables, views and dynamic tables share their names. https://docs.snowflake.com/en/user-guide/dynamic-tables/streams-on-dts
  const other = sourceKinds.find(
    (each) => each !== kind && kind.name !== 'STAGE' && each.name !== 'STAGE' && scope.tryFind(each.name, name),
  );
  if (other !== undefined)
    throw SnowflakeError.of('objectOfOtherType', {
      found: other.name.replaceAll(' ', '_'),
      expected: kind.name.replaceAll(' ', '_'),
    });
  const source = scope.find(kind.name, name, kind.privilege);
  if (source.kind === 'STAGE') requireDirectory(source, scope);
  if (source.properties['REFRESH_MODE'] === 'FULL')
    throw SnowflakeError.of('fullRefreshStream', { name: displayName(scope.catalog.pathOf(source)) });
  return source;
}
