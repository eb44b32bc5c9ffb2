import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ResultColumn } from '../../sql/result-set.ts';
import type { StatementPorts } from '../ports.ts';
import { describeLoad, describeUnload } from './copy-result.ts';
import { parseCopy } from './copy-statement.ts';
import { describeValidation, readValidationMode } from './validation-mode.ts';

/** Columns of what a COPY statement answers. */
export function describeCopy(text: string, ports: StatementPorts): ResultColumn[] {
  const statement = parseCopy(text, (key) => ports.bind(key)?.cell ?? '');
  if (statement.kind === 'unload') {
    if (statement.options.has('VALIDATION_MODE'))
      throw SnowflakeError.of('unsupported', { feature: 'describing COPY INTO a location with VALIDATION_MODE' });
    return [...describeUnload(statement.options.get('DETAILED_OUTPUT') === true)];
  }
  const mode = readValidationMode(statement.options.get('VALIDATION_MODE'));
  if (mode === undefined) return [...describeLoad()];
  const relation = ports.relation(statement.table, 'INSERT');
  if (relation.kind !== 'table') throw SnowflakeError.of('unsupported', { feature: 'COPY into something else than a table' });
  const named = statement.columns.flatMap((name) => relation.columns.filter((column) => column.name === name));
  return describeValidation(mode, named.length > 0 ? named : relation.columns);
}
