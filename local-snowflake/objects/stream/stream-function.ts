import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import type { Extension } from '../extensions.ts';
import { streamHasData } from './stream-source.ts';

/** https://docs.snowflake.com/en/sql-reference/functions/system_stream_has_data */
export const streamFunction: Extension = {
  systemFunctions: [
    {
      name: 'SYSTEM$STREAM_HAS_DATA',
      page: 'functions/system_stream_has_data',
      returns: types.boolean,
      call: async (args, scope) => {
        const [name, ...more] = args;
        if (name === undefined || more.length > 0)
          throw SnowflakeError.of('argumentCount', { name: 'SYSTEM$STREAM_HAS_DATA', expected: '1', got: args.length });
        return (await streamHasData(scope.find('STREAM', parseName(name.cell ?? ''), 'SELECT'), scope)) ? '1' : '0';
      },
    },
  ],
};
