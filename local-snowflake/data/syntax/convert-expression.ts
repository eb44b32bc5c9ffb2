import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertCall, extractCall, simpleCall } from './convert-call.ts';
import { convertQuery } from './convert-query.ts';
import { convertType, fieldChange } from './convert-type.ts';
import { outerJoinMark } from './outer-join-marks.ts';
import { field, identifier, list, optional, quoteStyle, type Raw, refuse, text, unsupported, variant } from './raw-tree.ts';
import type { Expression, Identifier, LikeExpression, PathStep } from './tree.ts';

const binaryOperators: Readonly<Record<string, string>> = {
  Plus: '+',
  Minus: '-',
  Multiply: '*',
  Divide: '/',
  Modulo: '%',
  StringConcat: '||',
  Gt: '>',
  Lt: '<',
  GtEq: '>=',
  LtEq: '<=',
  Eq: '=',
  NotEq: '<>',
  And: 'AND',
  Or: 'OR',
};

type Converter = (payload: Raw, context: ConvertContext) => Expression;

const converters: Readonly<Record<string, Converter>> = {
  Identifier: (node) => column([identifier(node)]),
  CompoundIdentifier: (node) => column(list(node).map(identifier)),
  Value: (node) => convertValue(field(node, 'value')),
  Nested: (node, context) => convertExpression(node, context),
  JsonAccess: (node, context) => path(field(node, 'value'), list(field(field(node, 'path'), 'path')), context),
  CompoundFieldAccess: (node, context) => path(field(node, 'root'), list(field(node, 'access_chain')), context),
  UnaryOp: (node, context) => unary(text(field(node, 'op')), convertExpression(field(node, 'expr'), context)),
  BinaryOp: (node, context) => ({
    kind: 'binary',
    operator: operator(field(node, 'op')),
    left: convertExpression(field(node, 'left'), context),
    right: convertExpression(field(node, 'right'), context),
  }),
  IsNull: is('NULL', false),
  IsNotNull: is('NULL', true),
  IsTrue: is('TRUE', false),
  IsNotTrue: is('TRUE', true),
  IsFalse: is('FALSE', false),
  IsNotFalse: is('FALSE', true),
  IsDistinctFrom: distinctFrom(false),
  IsNotDistinctFrom: distinctFrom(true),
  InList: (node, context) => ({
    kind: 'in',
    of: convertExpression(field(node, 'expr'), context),
    list: list(field(node, 'list')).map((item) => convertExpression(item, context)),
    negated: field(node, 'negated') === true,
  }),
  InSubquery: (node, context) => ({
    kind: 'inQuery',
    of: convertExpression(field(node, 'expr'), context),
    query: convertQuery(field(node, 'subquery'), context),
    negated: field(node, 'negated') === true,
  }),
  AnyOp: quantified('ANY'),
  AllOp: quantified('ALL'),
  Between: (node, context) => ({
    kind: 'between',
    of: convertExpression(field(node, 'expr'), context),
    low: convertExpression(field(node, 'low'), context),
    high: convertExpression(field(node, 'high'), context),
    negated: field(node, 'negated') === true,
  }),
  Like: (node, context) => like('LIKE', node, context),
  ILike: (node, context) => like('ILIKE', node, context),
  RLike: (node, context) => like('RLIKE', node, context),
  Case: (node, context) => ({
    kind: 'case',
    operand: optional(field(node, 'operand'), (present) => convertExpression(present, context)),
    whens: list(field(node, 'conditions')).map((when) => ({
      when: convertExpression(field(when, 'condition'), context),
      then: convertExpression(field(when, 'result'), context),
    })),
    otherwise: optional(field(node, 'else_result'), (present) => convertExpression(present, context)),
  }),
  Cast: (node, context) => {
    refuse(node, 'format', 'array');
    const kind = text(field(node, 'kind'));
    return {
      kind: 'cast',
      of: convertExpression(field(node, 'expr'), context),
      type: convertType(field(node, 'data_type')),
      attempt: kind === 'TryCast' || kind === 'SafeCast',
      fields: fieldChange(field(node, 'data_type')),
    };
  },
  TypedString: (node) => ({
    kind: 'cast',
    of: convertValue(field(field(node, 'value'), 'value')),
    type: convertType(field(node, 'data_type')),
    attempt: false,
  }),
  Interval: (node, context) => interval(node, context),
  Function: (node, context) => convertCall(node, context),
  OuterJoin: (node, context) => simpleCall(outerJoinMark, [convertExpression(node, context)]),
  // Operators of CONNECT BY, see connect-by.ts.
  Prior: (node, context) => simpleCall('PRIOR', [convertExpression(node, context)]),
  Prefixed: (node, context) =>
    simpleCall(identifier(field(node, 'prefix')).name, [convertExpression(field(node, 'value'), context)]),
  Ceil: (node, context) => rounding('CEIL', node, context),
  Floor: (node, context) => rounding('FLOOR', node, context),
  Position: (node, context) =>
    simpleCall('POSITION', [convertExpression(field(node, 'expr'), context), convertExpression(field(node, 'in'), context)]),
  Substring: (node, context) =>
    simpleCall(
      'SUBSTR',
      [field(node, 'expr'), field(node, 'substring_from'), field(node, 'substring_for')]
        .filter((part) => part !== undefined)
        .map((part) => convertExpression(part, context)),
    ),
  Trim: (node, context) => trim(node, context),
  Extract: (node, context) => extractCall(field(node, 'field'), convertExpression(field(node, 'expr'), context)),
  AtTimeZone: (node, context) =>
    simpleCall('CONVERT_TIMEZONE', [
      convertExpression(field(node, 'time_zone'), context),
      convertExpression(field(node, 'timestamp'), context),
    ]),
  Collate: (node, context) =>
    simpleCall('COLLATE', [
      convertExpression(field(node, 'expr'), context),
      stringLiteral(
        list(field(node, 'collation'))
          .map((part) => text(field(field(part, 'Identifier'), 'value')))
          .join('.'),
      ),
    ]),
  Subquery: (node, context) => ({ kind: 'subquery', query: convertQuery(node, context) }),
  Exists: (node, context) => ({
    kind: 'exists',
    query: convertQuery(field(node, 'subquery'), context),
    negated: field(node, 'negated') === true,
  }),
  Tuple: (node, context) => ({ kind: 'tuple', items: list(node).map((item) => convertExpression(item, context)) }),
  Array: (node, context) => ({ kind: 'array', items: list(field(node, 'elem')).map((item) => convertExpression(item, context)) }),
  Dictionary: (node, context) => ({
    kind: 'object',
    entries: list(node).map((entry) => ({
      key: objectKey(field(entry, 'key')),
      value: convertExpression(field(entry, 'value'), context),
    })),
  }),
  Lambda: (node, context) => {
    const [tag, params] = variant(field(node, 'params'));
    return {
      kind: 'lambda',
      parameters: (tag === 'One' ? [params] : list(params)).map((param) => ({
        name: identifier(field(param, 'name')).name,
        type: optional(field(param, 'data_type'), convertType),
      })),
      body: convertExpression(field(node, 'body'), context),
    };
  },
};

/** @throws SnowflakeError `unsupported`, naming the construct. */
export function convertExpression(node: Raw, context: ConvertContext): Expression {
  const [tag, payload] = variant(node);
  const convert = converters[tag];
  if (convert === undefined) throw unsupported(node);
  return convert(payload, context);
}

function column(parts: readonly Identifier[]): Expression {
  const last = parts.at(-1);
  const ordinal = last === undefined || last.quoted ? null : /^\$(\d+)$/u.exec(last.name);
  if (ordinal !== null && parts.length === 2) return { kind: 'ordinal', relation: parts[0], index: Number(ordinal[1]) };
  // The library reads a string in double quotes of another dialect as an identifier in single quotes.
  return { kind: 'column', parts };
}

/** A literal, a bind (`:1`, `:name`), a session variable (`$name`) or an ordinal column (`$1`). */
export function convertValue(value: Raw): Expression {
  const [tag, payload] = variant(value);
  switch (tag) {
    case 'Number':
      return { kind: 'literal', literal: 'number', text: text(list(payload)[0]) };
    case 'SingleQuotedString':
      return stringLiteral(text(payload));
    case 'DollarQuotedString':
      return stringLiteral(text(field(payload, 'value')));
    case 'HexStringLiteral':
      return { kind: 'literal', literal: 'binary', text: text(payload).toUpperCase() };
    case 'Boolean':
      return { kind: 'literal', literal: 'boolean', text: payload === true ? '1' : '0' };
    case 'Null':
      return { kind: 'literal', literal: 'null', text: '' };
    case 'Placeholder':
      return placeholder(text(payload));
    default:
      throw unsupported(value);
  }
}

function placeholder(written: string): Expression {
  if (/^\$\d+$/u.test(written)) return { kind: 'ordinal', relation: undefined, index: Number(written.slice(1)) };
  if (written.startsWith('$')) return { kind: 'variable', name: written.slice(1).toUpperCase() };
  if (written.startsWith(':')) return { kind: 'bind', key: written.slice(1).toUpperCase() };
  throw SnowflakeError.of('unsupported', { feature: `placeholder ${written}` });
}

export function stringLiteral(value: string): Expression {
  return { kind: 'literal', literal: 'string', text: value };
}

function unary(op: string, of: Expression): Expression {
  const operators: Readonly<Record<string, '-' | '+' | 'NOT'>> = { Minus: '-', Plus: '+', Not: 'NOT' };
  const known = operators[op];
  if (known === undefined) throw unsupported(op);
  return { kind: 'unary', operator: known, of };
}

function operator(node: Raw): string {
  const [tag] = variant(node);
  const known = binaryOperators[tag];
  if (known === undefined) throw unsupported(node);
  return known;
}

function is(what: 'NULL' | 'TRUE' | 'FALSE', negated: boolean): Converter {
  return (node, context) => ({ kind: 'is', of: convertExpression(node, context), what, negated });
}

function distinctFrom(negated: boolean): Converter {
  return (node, context) => {
    const [left, right] = list(node);
    return { kind: 'distinctFrom', left: convertExpression(left, context), right: convertExpression(right, context), negated };
  };
}

function quantified(quantifier: 'ANY' | 'ALL'): Converter {
  return (node, context) => {
    const right = convertExpression(field(node, 'right'), context);
    if (right.kind !== 'subquery')
      throw SnowflakeError.of('unsupported', { feature: `${quantifier} over something else than a query` });
    return {
      kind: 'quantified',
      operator: operator(field(node, 'compare_op')),
      quantifier,
      left: convertExpression(field(node, 'left'), context),
      query: right.query,
    };
  };
}

function like(form: LikeExpression['form'], node: Raw, context: ConvertContext): Expression {
  const pattern = convertExpression(field(node, 'pattern'), context);
  const call = pattern.kind === 'call' && pattern.name.kind === 'name' ? pattern.name.parts[0]?.name : undefined;
  // `LIKE ALL (…)` comes as a call of a function ALL.
  const all = call === 'ALL' && pattern.kind === 'call';
  const patterns = all
    ? pattern.args.flatMap((arg) => (arg.value.kind === 'star' ? [] : [arg.value]))
    : field(node, 'any') === true && pattern.kind === 'tuple'
      ? pattern.items
      : [pattern];
  return {
    kind: 'like',
    form,
    of: convertExpression(field(node, 'expr'), context),
    patterns,
    quantifier: all ? 'ALL' : 'ANY',
    escape: optional(field(node, 'escape_char'), (present) => text(variant(field(present, 'value') ?? present)[1] ?? present)),
    negated: field(node, 'negated') === true,
  };
}

function path(value: Raw, chain: readonly Raw[], context: ConvertContext): Expression {
  const steps = chain.map((step): PathStep => {
    const [tag, payload] = variant(step);
    if (tag === 'Dot') {
      const key = field(payload, 'key');
      if (typeof key === 'string') return { key };
      const name = convertExpression(payload, context);
      if (name.kind === 'column' && name.parts.length === 1 && name.parts[0] !== undefined) return { key: name.parts[0].name };
      throw unsupported(step);
    }
    const key =
      tag === 'Bracket' ? field(payload, 'key') : tag === 'Subscript' ? field(field(payload, 'Index'), 'index') : undefined;
    if (key === undefined) throw unsupported(step);
    const index = convertExpression(key, context);
    return index.kind === 'literal' && index.literal === 'string' ? { key: index.text } : { index };
  });
  return { kind: 'path', of: convertExpression(value, context), steps };
}

function interval(node: Raw, context: ConvertContext): Expression {
  const value = convertExpression(field(node, 'value'), context);
  if (value.kind !== 'literal') throw SnowflakeError.of('unsupported', { feature: 'INTERVAL of an expression' });
  const unit = optional(field(node, 'leading_field'), (present) => variant(present)[0].toUpperCase());
  return { kind: 'interval', text: unit === undefined ? value.text : `${value.text} ${unit}` };
}

function rounding(name: string, node: Raw, context: ConvertContext): Expression {
  const [tag, payload] = variant(field(node, 'field'));
  const value = convertExpression(field(node, 'expr'), context);
  if (tag === 'Scale') return simpleCall(name, [value, convertValue(field(payload, 'value'))]);
  if (payload === undefined || payload === 'NoDateTime') return simpleCall(name, [value]);
  throw unsupported(node);
}

function trim(node: Raw, context: ConvertContext): Expression {
  const where = optional(field(node, 'trim_where'), (present) => variant(present)[0]);
  const name = where === 'Leading' ? 'LTRIM' : where === 'Trailing' ? 'RTRIM' : 'TRIM';
  const characters = field(node, 'trim_what') ?? list(field(node, 'trim_characters'))[0];
  const value = convertExpression(field(node, 'expr'), context);
  return simpleCall(name, characters === undefined ? [value] : [value, convertExpression(characters, context)]);
}

function objectKey(node: Raw): string {
  const value = text(field(node, 'value'));
  return quoteStyle(node) === undefined ? value : value;
}
