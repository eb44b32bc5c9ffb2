import { column, type ResultColumn } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';

/** Columns of DESCRIBE DATABASE and DESCRIBE SCHEMA. */
export const contentColumns: readonly ResultColumn[] = [
  column('created_on', types.timestampLtz(6)),
  column('name'),
  column('kind'),
];

/** Columns of the DESCRIBE forms that list properties as rows. */
export const propertyColumns: readonly ResultColumn[] = [
  column('property'),
  column('property_type'),
  column('property_value'),
  column('property_default'),
];
