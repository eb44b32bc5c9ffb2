import { SnowflakeError } from '../errors/snowflake-error.ts';
import { likeMatcher } from '../sql/literal.ts';
import type { Extension, VersionListing } from './extensions.ts';

/** SHOW VERSIONS [LIKE …] IN <kind> <name> [LIMIT n], for the kinds that have versions. */
export function versionsStatement(listings: readonly VersionListing[]): Extension {
  return {
    statements: [
      {
        words: 'SHOW VERSIONS',
        page: 'show-versions-in-model',
        run: (stream, scope) => {
          const like = stream.accept('LIKE') ? likeMatcher(stream.string()) : () => true;
          stream.expect('IN');
          const listing = listings.find((each) => stream.accept(each.kind));
          if (listing === undefined) throw SnowflakeError.of('unsupported', { feature: `SHOW VERSIONS IN ${stream.peek().text}` });
          const object = scope.find(listing.kind, stream.name(), 'USAGE', 'READ');
          const limit = stream.accept('LIMIT') ? stream.integer() : undefined;
          stream.expectEnd();
          const rows = listing.rows(object, scope).filter((version) => like(version.name));
          return { columns: listing.columns, rows: rows.slice(0, limit).map((version) => version.cells) };
        },
      },
    ],
  };
}
