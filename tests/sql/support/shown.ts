import type { Cell, ResultSet } from '../../../local-snowflake/sql/result-set.ts';
import type { SnowflakeType } from '../../../local-snowflake/sql/types.ts';

/** A result as the documentation prints it, one line a row. */
export function shownRows(result: ResultSet): string[] {
  return result.rows.map((row) => row.map((cell, index) => shownCell(cell, result.columns[index]?.type)).join(' | '));
}

export function shownCell(cell: Cell, type: SnowflakeType | undefined): string {
  if (cell === null) return 'NULL';
  switch (type?.kind) {
    case 'BOOLEAN':
      return cell === '1' ? 'TRUE' : 'FALSE';
    case 'DATE':
      return day(Number(cell));
    case 'TIME':
      return clock(Number(cell)).slice(0, 8);
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return moment(Number(cell));
    case 'TIMESTAMP_TZ': {
      const [instant, zone] = cell.split(' ');
      const offset = Number(zone) - 1440;
      const size = Math.abs(offset);
      const two = (value: number): string => String(value).padStart(2, '0');
      return `${moment(Number(instant) + offset * 60)} ${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
    }
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
    case 'STRUCTURED_ARRAY':
    case 'STRUCTURED_OBJECT':
    case 'MAP':
      return cell.replace(/\n\s*/gu, '');
    default:
      return cell.replaceAll('\n', '\\n');
  }
}

function day(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

function clock(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
}

function moment(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace('T', ' ').slice(0, 23);
}
