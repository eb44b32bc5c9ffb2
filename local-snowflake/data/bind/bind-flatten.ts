import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { duckString } from '../duckdb/text.ts';
import type { Call, Expression, FromItem } from '../syntax/tree.ts';
import { isStructured } from '../types/structured-rules.ts';
import type { BindContext } from './bind-context.ts';
import { bindExpression } from './bind-expression.ts';
import { type Bound, bound, constantText } from './bound.ts';
import { castTo } from './cast.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import { besideRows } from './beside-rows.ts';
import type { FromBinding } from './from-binding.ts';
import { Scope } from './scope.ts';

export function isFlatten(call: Call): boolean {
  return call.name.kind === 'name' && call.name.parts.length === 1 && call.name.parts[0]?.name === 'FLATTEN';
}

interface FlattenArguments {
  readonly input: Bound;
  readonly path: string;
  readonly outer: boolean;
  readonly recursive: boolean;
  readonly mode: string;
  /** Types of `key` and `value` where a structured value has them. */
  readonly key: SnowflakeType;
  readonly value: SnowflakeType;
}

const positions = ['INPUT', 'PATH', 'OUTER', 'RECURSIVE', 'MODE'];

/** FLATTEN beside the rows it takes apart. https://docs.snowflake.com/en/sql-reference/functions/flatten */
export function bindFlatten(
  item: Extract<FromItem, { kind: 'function' }>,
  left: FromBinding | undefined,
  leftJoin: boolean,
  bind: BindContext,
  outer: Scope | undefined,
): FromBinding {
  const context: ExpressionContext = { bind, scope: new Scope(left?.relations ?? [], outer), block: newBlock() };
  const args = readArguments(item.call, context);
  return besideRows(item.alias, left, bind, {
    name: 'FLATTEN',
    input: args.input.sql,
    entries: (input) => entryList(args, input),
    missing: `struct_pack(k := CAST(NULL AS VARCHAR), p := ${duckString(args.path)}, n := CAST(NULL AS DECIMAL(38,0)), v := CAST(NULL AS JSON))`,
    keepsEmpty: args.outer || leftJoin,
    columns: ({ entry, sequence, input }) => [
      ['SEQ', types.number(38, 0), sequence],
      ['KEY', args.key, inType(types.varchar(), `${entry}.k`, args.key, bind)],
      ['PATH', types.varchar(), `${entry}.p`],
      ['INDEX', types.number(38, 0), `${entry}.n`],
      ['VALUE', args.value, inType(types.variant, `${entry}.v`, args.value, bind)],
      ['THIS', types.variant, input],
    ],
  });
}

function inType(from: SnowflakeType, sql: string, to: SnowflakeType, bind: BindContext): string {
  return castTo(bound(from, sql), to, 'explicit', bind.ports.facts).sql;
}

function entryList(args: FlattenArguments, input: string): string {
  const path = duckString(args.path);
  if (args.recursive) return `sf.flatten_recursive(${input}, ${path}, ${duckString(args.mode)})`;
  const array = `sf.flatten_array(${input}, ${path})`;
  const object = `sf.flatten_object(${input}, ${path})`;
  if (args.mode === 'ARRAY') return array;
  return args.mode === 'OBJECT' ? object : `(${array} || ${object})`;
}

function readArguments(call: Call, context: ExpressionContext): FlattenArguments {
  const given = new Map<string, Expression>();
  call.args.forEach((argument, index) => {
    const name = argument.name ?? positions[index];
    if (name === undefined || !positions.includes(name) || argument.value.kind === 'star') {
      throw SnowflakeError.of('unsupported', { feature: `argument ${argument.name ?? '*'} of FLATTEN` });
    }
    given.set(name, argument.value);
  });
  const input = given.get('INPUT');
  if (input === undefined) throw SnowflakeError.of('argumentCount', { name: 'FLATTEN', expected: '1', got: 0 });
  const constant = (name: string): string | undefined => {
    const expression = given.get(name);
    if (expression === undefined) return undefined;
    const value = constantText(bindExpression(expression, context));
    if (value === undefined) throw SnowflakeError.of('notConstant', { name: 'FLATTEN', argument: name });
    return value;
  };
  const path = constant('PATH') ?? '';
  const source = bindExpression(input, context);
  const value = castTo(source, types.variant, isStructured(source.type) ? 'explicit' : 'implicit', context.bind.ports.facts);
  const typed = path === '' && constant('RECURSIVE') !== '1' ? source.type : types.variant;
  return {
    input:
      path === '' ? value : bound(types.variant, `CAST(sf_get_path(CAST(${value.sql} AS VARCHAR), ${duckString(path)}) AS JSON)`),
    path,
    outer: constant('OUTER') === '1',
    recursive: constant('RECURSIVE') === '1',
    mode: (constant('MODE') ?? 'BOTH').toUpperCase(),
    key: typed.kind === 'MAP' ? typed.key : types.varchar(),
    value: typed.kind === 'MAP' ? typed.value.type : typed.kind === 'STRUCTURED_ARRAY' ? typed.element.type : types.variant,
  };
}
