import { expect, it } from 'vitest';
import { pointOfTime } from '../../../../local-snowflake/wire/rest/point-of-time.ts';

const sql = (point: object | undefined): string =>
  pointOfTime(point === undefined ? {} : { point_of_time: point }).replaceAll('\n', '');

// https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/database (PointOfTime)
it('says AT and BEFORE', () => {
  expect(sql(undefined)).toBe('');
  expect(sql({ point_of_time_type: 'offset', offset: '-60*5' })).toBe('AT (OFFSET => -60*5)');
  expect(sql({ point_of_time_type: 'timestamp', reference: 'before', timestamp: 'TO_TIMESTAMP(40, 3)' })).toBe(
    'BEFORE (TIMESTAMP => TO_TIMESTAMP(40, 3))',
  );
  expect(sql({ point_of_time_type: 'statement', reference: 'at', statement: "8e5d'0ca9" })).toBe("AT (STATEMENT => '8e5d''0ca9')");
});

it.each([
  [{ point_of_time_type: 'offset', offset: '-1) COPY GRANTS' }, /invalid value/u],
  [{ point_of_time_type: 'offset', offset: '-1) COPY GRANTS (' }, /invalid value/u],
  [{ point_of_time_type: 'offset', offset: '(-1' }, /invalid value/u],
  [{ point_of_time_type: 'timestamp', timestamp: "'x', STATEMENT => 'y'" }, /invalid value/u],
  [{ point_of_time_type: 'timestamp', timestamp: "'x'; drop table t" }, /invalid value/u],
  [{ point_of_time_type: 'timestamp' }, /'timestamp' is missing/u],
  [{ point_of_time_type: 'year', year: '1' }, /'point_of_time_type' must be/u],
  [{ point_of_time_type: 'offset', offset: '-1', reference: 'near' }, /'reference' must be/u],
])('refuses %j', (point, message) => {
  expect(() => sql(point)).toThrow(message);
});
