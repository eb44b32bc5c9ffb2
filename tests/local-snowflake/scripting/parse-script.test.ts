import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SnowflakeError } from '../../../local-snowflake/errors/snowflake-error.ts';
import { parseScript } from '../../../local-snowflake/scripting/parse-script.ts';
import type { Block, Declaration, NameAt, ResultSource, Statement, Value } from '../../../local-snowflake/scripting/tree.ts';
import { renderType } from '../../../local-snowflake/sql/types.ts';

/** A tree as a script again. What is text in the tree is taken over as it is. */
function print(block: Block): string {
  const declarations = block.declarations.map((each) => `${printDeclaration(each)};`);
  const handlers = block.handlers.map(
    ({ names, continues, body }) => `WHEN ${names.map(written).join(' OR ')} ${continues ? 'CONTINUE' : ''} THEN ${printAll(body)}`,
  );
  return [
    declarations.length === 0 ? '' : `DECLARE ${declarations.join(' ')}`,
    `BEGIN ${printAll(block.body)}`,
    handlers.length === 0 ? '' : `EXCEPTION ${handlers.join(' ')}`,
    `END ${block.label ?? ''}`,
  ].join(' ');
}

const written = ({ written: text }: NameAt): string => text;
const printAll = (statements: readonly Statement[]): string => statements.map((each) => `${printStatement(each)};`).join(' ');

function printDeclaration(declaration: Declaration): string {
  const name = written(declaration.name);
  switch (declaration.kind) {
    case 'variable': {
      const type = declaration.type === undefined ? '' : renderType(declaration.type);
      return `${name} ${type} ${declaration.value === undefined ? '' : `DEFAULT ${printValue(declaration.value)}`}`;
    }
    case 'cursor':
      return `${name} CURSOR FOR ${'kind' in declaration.source ? declaration.source.text : written(declaration.source)}`;
    case 'resultset':
      return `${name} RESULTSET ${declaration.source === undefined ? '' : `:= ${printParenthesised(declaration.source)}`}`;
    case 'exception':
      return `${name} EXCEPTION (${String(declaration.code)}, '${declaration.message}')`;
    case 'procedure':
      return `${name} PROCEDURE () RETURNS INT AS ${print(declaration.body)}`;
  }
}

function printParenthesised(source: ResultSource): string {
  return source.kind === 'async' ? printSource(source) : `(${printSource(source)})`;
}

function printSource(source: ResultSource): string {
  if (source.kind === 'executeImmediate' || source.kind === 'async') return printStatement(source);
  return source.kind === 'call' ? source.sql.text : source.text;
}

function printValue(value: Value): string {
  return value.kind === 'call' ? value.call.sql.text : value.expression.text;
}

function printStatement(statement: Statement): string {
  const label = 'label' in statement && typeof statement.label === 'string' ? statement.label : '';
  switch (statement.kind) {
    case 'block':
      return print(statement);
    case 'sql':
      return statement.into.length === 0
        ? statement.text
        : statement.text.replace('SELECT 1', `SELECT 1 INTO ${statement.into.map((each) => `:${written(each)}`).join(', ')}`);
    case 'call':
      return statement.sql.text;
    case 'executeImmediate':
      return `EXECUTE IMMEDIATE ${statement.text.text} ${statement.using.length === 0 ? '' : `USING (${statement.using.map(written).join(', ')})`}`;
    case 'async':
      return `ASYNC (${printSource(statement.source)})`;
    case 'await':
      return `AWAIT ${statement.resultset === undefined ? 'ALL' : written(statement.resultset)}`;
    case 'cancel':
      return `CANCEL ${written(statement.resultset)}`;
    case 'let':
      return `LET ${printDeclaration(statement.declaration)}`;
    case 'assign':
      return `${written(statement.target)} := ${printValue(statement.value)}`;
    case 'if': {
      const branches = statement.branches.map(({ condition, body }) => `(${condition.text}) THEN ${printAll(body)}`);
      return `IF ${branches.join(' ELSEIF ')} ${statement.otherwise === undefined ? '' : `ELSE ${printAll(statement.otherwise)}`} END IF`;
    }
    case 'case': {
      const branches = statement.branches.map(({ condition, body }) => `WHEN ${condition.text} THEN ${printAll(body)}`);
      return `CASE ${statement.operand?.text ?? ''} ${branches.join(' ')} ${statement.otherwise === undefined ? '' : `ELSE ${printAll(statement.otherwise)}`} END CASE`;
    }
    case 'forRange': {
      const range = `${statement.reverse ? 'REVERSE' : ''} ${statement.from.text} TO ${statement.to.text}`;
      return `FOR ${written(statement.counter)} IN ${range} DO ${printAll(statement.body)} END FOR ${label}`;
    }
    case 'forRows':
      return `FOR ${written(statement.row)} IN ${written(statement.source)} DO ${printAll(statement.body)} END FOR ${label}`;
    case 'while':
      return `WHILE (${statement.condition.text}) DO ${printAll(statement.body)} END WHILE ${label}`;
    case 'repeat':
      return `REPEAT ${printAll(statement.body)} UNTIL (${statement.until.text}) END REPEAT ${label}`;
    case 'loop':
      return `LOOP ${printAll(statement.body)} END LOOP ${label}`;
    case 'leave':
      return `${statement.how} ${statement.label === undefined ? '' : written(statement.label)}`;
    case 'open':
      return `OPEN ${written(statement.cursor)} ${statement.using.length === 0 ? '' : `USING (${statement.using.map(({ text }) => text).join(', ')})`}`;
    case 'fetch':
      return `FETCH ${written(statement.cursor)} INTO ${statement.into.map(written).join(', ')}`;
    case 'close':
      return `CLOSE ${written(statement.cursor)}`;
    case 'return':
      return `RETURN ${statement.value?.text ?? ''}`;
    case 'returnTable':
      return `RETURN TABLE(${statement.cursor ? `RESULTSET_FROM_CURSOR(${written(statement.source)})` : written(statement.source)})`;
    case 'raise':
      return `RAISE ${statement.exception === undefined ? '' : written(statement.exception)}`;
    case 'null':
      return 'NULL';
  }
}

/** Without the places: two spellings of one script have one shape. */
function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape);
  if (typeof node !== 'object' || node === null) return node;
  const hidden = new Set(['at', 'operatorAt', 'tokens', 'bindsBefore', 'start', 'end']);
  return Object.fromEntries(Object.entries(node).flatMap(([key, value]) => (hidden.has(key) ? [] : [[key, shape(value)]])));
}

const name = fc.constantFrom('a', 'total', 'My_Var', 'x1', '"quoted name"', 'rs', 'c1');
const expression = fc.constantFrom(
  '1',
  "'text; with END'",
  'a + 1',
  'CASE WHEN a = 1 THEN 2 ELSE 3 END',
  '(SELECT COUNT(*) FROM t WHERE x = :a)',
  "f(a, [1, 2], {'k': 3})",
  'NOT (a IS NULL)',
  '$$;$$',
  'x1 /* ; END */ || 5',
);
const sql = fc.constantFrom(
  'SELECT 1',
  'INSERT INTO t VALUES (:a)',
  'SELECT CASE WHEN 1 = 1 THEN 2 END AS "end"',
  'CREATE TASK t1 AS BEGIN SELECT 1; IF (TRUE) THEN SELECT 2; END IF; END',
  'BEGIN TRANSACTION',
  'COMMIT',
  "CALL p(1, ';')",
  "EXECUTE IMMEDIATE 'SELECT 1'",
);
const label = fc.option(fc.constantFrom('outer_one', 'L2'), { nil: '' });

/** Scripts as text, whose parts nest to some depth. */
const { block } = fc.letrec<{ statement: string; statements: string; block: string }>((tie) => ({
  statements: fc.array(tie('statement'), { minLength: 1, maxLength: 3 }).map((all) => all.map((each) => `${each};`).join('\n')),
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    sql,
    fc.tuple(name, expression).map(([to, value]) => `${to} := ${value}`),
    fc.tuple(name, expression).map(([to, value]) => `LET ${to} NUMBER(10,2) := ${value}`),
    fc.constantFrom(
      'NULL',
      'RETURN',
      'RAISE',
      'BREAK',
      'CONTINUE outer_one',
      'OPEN c1 USING (a, 1 + 2)',
      'FETCH c1 INTO a, :x1',
      'CLOSE c1',
    ),
    fc.constantFrom(
      'RETURN TABLE(rs)',
      'RETURN TABLE(RESULTSET_FROM_CURSOR(c1))',
      'SELECT 1 INTO :a, :x1 FROM t',
      'LET rs RESULTSET := (SHOW TABLES)',
      'LET rs RESULTSET := ASYNC (SELECT 1)',
      'ASYNC (CALL p(1))',
      'AWAIT ALL',
      'AWAIT rs',
      'CANCEL rs',
    ),
    fc.constantFrom(
      "EXECUTE IMMEDIATE 'x' || a USING (a, x1)",
      'LET c1 CURSOR FOR rs',
      'rs := (CALL p(1))',
      'LET x1 := (SELECT 1)',
    ),
    expression.map((value) => `RETURN ${value}`),
    fc
      .tuple(expression, tie('statements'), tie('statements'), expression, tie('statements'))
      .map(
        ([first, then, second, other, otherwise]) =>
          `IF (${first}) THEN ${then} ELSEIF (${other}) THEN ${second} ELSE ${otherwise} END IF`,
      ),
    fc
      .tuple(fc.option(expression, { nil: '' }), expression, tie('statements'), fc.boolean())
      .map(([operand, when, body, short]) => `CASE ${operand} WHEN ${when} THEN ${body} END ${short ? '' : 'CASE'}`),
    fc
      .tuple(name, fc.boolean(), expression, expression, tie('statements'), fc.boolean(), label)
      .map(([counter, reverse, from, to, body, loop, end]) =>
        [
          `FOR ${counter} IN ${reverse ? 'REVERSE' : ''} ${from} TO ${to}`,
          loop ? 'LOOP' : 'DO',
          body,
          loop ? 'END LOOP' : 'END FOR',
          end,
        ].join(' '),
      ),
    fc.tuple(name, tie('statements'), label).map(([row, body, end]) => `FOR ${row} IN c1 DO ${body} END FOR ${end}`),
    fc
      .tuple(expression, tie('statements'), label)
      .map(([condition, body, end]) => `WHILE (${condition}) DO ${body} END WHILE ${end}`),
    fc
      .tuple(expression, tie('statements'), label)
      .map(([condition, body, end]) => `REPEAT ${body} UNTIL (${condition}) END REPEAT ${end}`),
    fc.tuple(tie('statements'), label).map(([body, end]) => `LOOP ${body} END LOOP ${end}`),
    tie('block'),
  ),
  block: fc
    .tuple(
      fc.array(
        fc.constantFrom(
          'v1 INT',
          'v2 VARCHAR(10) DEFAULT a',
          'v3 := 5',
          'rs RESULTSET DEFAULT (SELECT 1)',
          'c1 CURSOR FOR SELECT 1 WHERE 1 = ?',
          "e1 EXCEPTION (-20001, 'message')",
          'p1 PROCEDURE () RETURNS INT AS BEGIN RETURN 1; END',
        ),
        { maxLength: 3 },
      ),
      tie('statements'),
      fc.option(tie('statements'), { nil: undefined }),
      fc.boolean(),
    )
    .map(([declarations, body, handler, continues]) =>
      [
        declarations.length === 0 ? '' : `DECLARE ${declarations.join(';\n')};`,
        `BEGIN\n${body}`,
        handler === undefined ? '' : `EXCEPTION WHEN e1 OR OTHER ${continues ? 'CONTINUE' : 'EXIT'} THEN ${handler}`,
        'END',
      ].join('\n'),
    ),
}));

describe('parsing', () => {
  test('a printed script parses to the same tree', () => {
    fc.assert(
      fc.property(block, (text) => {
        const tree = parseScript(text).block;
        const again = parseScript(print(tree)).block;
        expect(shape(again)).toEqual(shape(tree));
      }),
    );
  });

  test('white space and comments between tokens change nothing', () => {
    fc.assert(
      fc.property(block, fc.constantFrom('\n\n', '  ', ' -- END;\n', ' /* ; */ ', '\t//x\n'), (text, blank) => {
        // Line breaks of the generated text stand between tokens only.
        const spaced = `${blank}${text.replaceAll('\n', `${blank}\n`)}${blank}`;
        const texts = (tree: unknown): string => JSON.stringify(tree).replaceAll(/\\[nt]|--[^\\]*\\n|\/\*.*?\*\/|\/\/x|\s/gu, '');
        expect(texts(shape(parseScript(spaced).block))).toBe(texts(shape(parseScript(text).block)));
      }),
    );
  });

  test('every place is where the text says it is', () => {
    fc.assert(
      fc.property(block, (text) => {
        const wrong: string[] = [];
        const check = (node: unknown): void => {
          if (Array.isArray(node)) node.forEach(check);
          else if (typeof node === 'object' && node !== null) {
            const placed = node as { at?: number; written?: string; text?: string; kind?: string };
            const spelled = placed.written ?? (placed.kind === undefined ? placed.text : undefined);
            if (placed.at !== undefined && spelled !== undefined && !text.startsWith(spelled, placed.at)) wrong.push(spelled);
            Object.entries(node).forEach(([key, value]) => key !== 'tokens' && check(value));
          }
        };
        check(parseScript(text).block);
        expect(wrong).toEqual([]);
      }),
    );
  });

  test('a script that is cut off or has a token too many is refused as a syntax error, never with another fault', () => {
    fc.assert(
      fc.property(block, fc.nat(), fc.constantFrom('', ';', ')', 'END', 'THEN', ':=', '?'), (text, seed, extra) => {
        const cut = text.slice(0, seed % (text.length + 1)) + extra;
        try {
          parseScript(cut);
        } catch (error) {
          expect(error).toBeInstanceOf(SnowflakeError);
          // A `?` may come to stand where a number is wanted: it has no value here.
          const refusals = ['syntaxError', 'unsupported', 'intoNotAllowed', 'exceptionNumber', 'bindVariableNotSet'];
          expect(refusals).toContain((error as SnowflakeError).symbol);
        }
      }),
    );
  });
});
