import { SnowflakeError } from '../errors/snowflake-error.ts';
import { builtInNames } from './built-in-variables.ts';
import { givesType, NameCheck } from './check-names.ts';
import type { Script } from './parse-script.ts';
import { type Place, placeIn } from './place.ts';
import { type NameKind, StaticScope } from './static-scope.ts';
import type { Block, Declaration, Handler, NameAt, ResultSource, Statement, Value } from './tree.ts';

export interface CheckOptions {
  /** A procedure's arguments. */
  readonly names: readonly string[];
  /** What RETURN may hand back; undefined where there is no declaration of it. */
  readonly returns: 'TABLE' | 'SCALAR' | undefined;
}

/** What surrounds a statement. */
interface Around {
  readonly scope: StaticScope;
  /** Labels of the loops and blocks around, and how many loops there are. */
  readonly labels: readonly string[];
  readonly loopLabels: readonly string[];
  readonly loops: number;
  readonly handling: boolean;
  readonly returns: CheckOptions['returns'];
}

/**
 * What Snowflake finds out when it compiles a block, before anything of it runs and on branches that never run too: names that
 * nothing declares, names declared twice or put to a wrong use, labels that lead nowhere.
 * @throws SnowflakeError
 */
export function checkScript(script: Script, options: CheckOptions): void {
  const scope = new StaticScope();
  for (const name of builtInNames) scope.declare(name, 'value');
  const own = new StaticScope(scope);
  for (const name of options.names) own.declare(name, 'value');
  new Check(script.text).block(script.block, {
    scope: own,
    labels: [],
    loopLabels: [],
    loops: 0,
    handling: false,
    returns: options.returns,
  });
}

class Check {
  readonly #text: string;
  readonly #names: NameCheck;

  constructor(text: string) {
    this.#text = text;
    this.#names = new NameCheck(text);
  }

  block(block: Block, around: Around): void {
    const declared = new StaticScope(around.scope);
    for (const declaration of block.declarations) this.#declare(declaration, declaration.name.at, { ...around, scope: declared });
    const labels = block.label === undefined ? around.labels : [...around.labels, block.label];
    const body = new StaticScope(declared);
    this.#all(block.body, { ...around, scope: body, labels });
    for (const handler of block.handlers) {
      this.#handler(handler, { ...around, scope: handler.continues ? body : declared, labels, handling: true });
    }
  }

  #handler(handler: Handler, around: Around): void {
    for (const { name, at } of handler.names) {
      const known = ['OTHER', 'STATEMENT_ERROR', 'EXPRESSION_ERROR'].includes(name) || around.scope.hasException(name);
      if (!known) throw this.#names.invalid(name, at);
    }
    this.#body(handler.body, around);
  }

  /** Statements in a scope of their own. */
  #body(statements: readonly Statement[], around: Around): void {
    this.#all(statements, { ...around, scope: new StaticScope(around.scope) });
  }

  #all(statements: readonly Statement[], around: Around): void {
    for (const statement of statements) this.#statement(statement, around);
  }

  #statement(statement: Statement, around: Around): void {
    const { scope } = around;
    switch (statement.kind) {
      case 'block':
        this.block(statement, around);
        return;
      case 'forRange':
        this.#names.expression(statement.from, scope);
        this.#names.expression(statement.to, scope);
        this.#loop(statement, around, [statement.counter.name, 'counter']);
        return;
      case 'forRows':
        this.#use(statement.source, ['cursor', 'resultset'], scope);
        this.#loop(statement, around, [statement.row.name, 'row']);
        return;
      case 'while':
        this.#names.expression(statement.condition, scope);
        this.#loop(statement, around);
        return;
      case 'repeat':
        this.#names.expression(statement.until, scope);
        this.#loop(statement, around);
        return;
      case 'loop':
        this.#loop(statement, around);
        return;
      case 'if':
      case 'case':
        this.#branches(statement, around);
        return;
      default:
        this.#plain(statement, around);
    }
  }

  #loop(
    loop: { body: readonly Statement[]; label: string | undefined },
    around: Around,
    declared?: readonly [string, NameKind],
  ): void {
    const scope = new StaticScope(around.scope);
    if (declared !== undefined) scope.declare(...declared);
    const named = loop.label === undefined ? [] : [loop.label];
    const labels = [...around.labels, ...named];
    this.#body(loop.body, { ...around, scope, labels, loopLabels: [...around.loopLabels, ...named], loops: around.loops + 1 });
  }

  #branches(statement: Extract<Statement, { kind: 'if' | 'case' }>, around: Around): void {
    if (statement.kind === 'case' && statement.operand !== undefined) this.#names.expression(statement.operand, around.scope);
    for (const { condition, body } of statement.branches) {
      this.#names.expression(condition, around.scope);
      this.#body(body, around);
    }
    if (statement.otherwise !== undefined) this.#body(statement.otherwise, around);
  }

  #plain(
    statement: Exclude<Statement, { kind: 'block' | 'forRange' | 'forRows' | 'while' | 'repeat' | 'loop' | 'if' | 'case' }>,
    around: Around,
  ): void {
    const { scope } = around;
    switch (statement.kind) {
      case 'sql':
      case 'call':
      case 'executeImmediate':
      case 'async':
        this.#source(statement, scope);
        return;
      case 'await':
        if (statement.resultset !== undefined) this.#use(statement.resultset, ['resultset'], scope);
        return;
      case 'cancel':
        this.#use(statement.resultset, ['resultset'], scope);
        return;
      case 'let':
        this.#declare(statement.declaration, statement.at, around);
        return;
      case 'assign':
        this.#assign(statement, scope);
        return;
      case 'leave':
        this.#leave(statement, around);
        return;
      case 'open':
        this.#use(statement.cursor, ['cursor'], scope);
        for (const expression of statement.using) this.#names.expression(expression, scope);
        return;
      case 'fetch':
        this.#use(statement.cursor, ['cursor'], scope);
        this.#targets(statement.into, statement.at, scope);
        return;
      case 'close':
        this.#use(statement.cursor, ['cursor'], scope);
        return;
      case 'return':
        this.#return('SCALAR', statement.at, around);
        if (statement.value !== undefined) this.#names.expression(statement.value, scope);
        return;
      case 'returnTable':
        this.#return('TABLE', statement.at, around);
        if (scope.kindOf(statement.source.name) !== (statement.cursor ? 'cursor' : 'resultset')) {
          throw this.#names.invalid(statement.source.name, statement.at);
        }
        return;
      case 'raise':
        if (statement.exception === undefined && !around.handling)
          throw SnowflakeError.of('raiseOutsideHandler', this.#place(statement.at));
        if (statement.exception !== undefined && !scope.hasException(statement.exception.name)) {
          throw this.#names.invalid(statement.exception.name, statement.exception.at);
        }
        return;
      case 'null':
    }
  }

  #leave({ how, label, at }: Extract<Statement, { kind: 'leave' }>, around: Around): void {
    if (label === undefined) {
      if (around.loops === 0) throw SnowflakeError.of('outsideLoop', { ...this.#place(at), statement: how.toUpperCase() });
      return;
    }
    const known = how === 'break' ? around.labels : around.loopLabels;
    if (!known.includes(label.name)) throw SnowflakeError.of('unknownLabel', { ...this.#place(label.at), name: label.name });
  }

  /** Snowflake's own message names the two the other way round. */
  #return(actual: 'TABLE' | 'SCALAR', at: number, { returns }: Around): void {
    if (returns !== undefined && returns !== actual)
      throw SnowflakeError.of('returnKind', { ...this.#place(at), declared: returns, actual });
  }

  #assign({ target, operatorAt, value }: Extract<Statement, { kind: 'assign' }>, scope: StaticScope): void {
    const kind = scope.kindOf(target.name);
    if (kind === undefined || kind === 'procedure') throw this.#names.invalid(target.name, operatorAt);
    if (kind === 'cursor' || kind === 'counter') {
      throw SnowflakeError.of('assignmentNotPermitted', { ...this.#place(operatorAt), name: target.name });
    }
    if (kind === 'resultset' && value.kind === 'expression' && value.source === undefined) {
      throw SnowflakeError.of('invalidUse', { ...this.#place(operatorAt), kind, name: target.name });
    }
    this.#value(value, kind === 'resultset', scope);
  }

  #value(value: Value, forResultset: boolean, scope: StaticScope): void {
    if (value.kind === 'call') this.#source(value.call, scope);
    else if (forResultset && value.source !== undefined) this.#source(value.source, scope);
    else {
      const { source, expression } = value;
      const query = source?.kind === 'sql' && /^(?:SELECT|WITH)\b/iu.test(source.text);
      if (source !== undefined && !query)
        throw SnowflakeError.of('assignedStatement', { statement: expression.text.slice(1, -1).trim() });
      this.#names.expression(expression, scope);
    }
  }

  #declare(declaration: Declaration, at: number, around: Around): void {
    const { scope } = around;
    const { name } = declaration.name;
    switch (declaration.kind) {
      case 'variable':
        if (declaration.value !== undefined)
          this.#initial(declaration.name, declaration.type === undefined, declaration.value, at, scope);
        break;
      case 'cursor':
        if ('kind' in declaration.source) this.#names.statementBinds(declaration.source.tokens, scope);
        else this.#use(declaration.source, ['resultset'], scope);
        break;
      case 'resultset':
        if (declaration.source !== undefined) this.#source(declaration.source, scope);
        break;
      case 'exception':
        if (!scope.declareException(name)) throw SnowflakeError.of('variableDeclaredTwice', { ...this.#place(at), name });
        return;
      case 'procedure':
        this.#procedure(declaration, around);
    }
    const kind: NameKind = declaration.kind === 'variable' ? 'value' : declaration.kind;
    if (!scope.declare(name, kind)) throw SnowflakeError.of('variableDeclaredTwice', { ...this.#place(at), name });
  }

  #initial(name: NameAt, untyped: boolean, value: Value, at: number, scope: StaticScope): void {
    if (untyped && value.kind === 'expression' && !givesType(value.expression, scope)) {
      this.#names.expressionBinds(value.expression, scope);
      throw SnowflakeError.of('variableNotInferred', { ...this.#place(at), name: name.name });
    }
    this.#value(value, false, scope);
  }

  #procedure({ parameters, returns, body }: Extract<Declaration, { kind: 'procedure' }>, around: Around): void {
    const scope = new StaticScope(around.scope);
    for (const parameter of parameters) scope.declare(parameter.name, 'value');
    this.block(body, {
      scope,
      labels: [],
      loopLabels: [],
      loops: 0,
      handling: false,
      returns: 'table' in returns ? 'TABLE' : 'SCALAR',
    });
  }

  #source(source: ResultSource, scope: StaticScope): void {
    switch (source.kind) {
      case 'async':
        this.#source(source.source, scope);
        return;
      case 'sql':
        this.#names.statementBinds(source.tokens, scope);
        this.#targets(source.into, source.at, scope);
        return;
      case 'call':
        this.#names.statementBinds(source.sql.tokens, scope);
        this.#targets(source.sql.into, source.at, scope);
        return;
      case 'executeImmediate':
        this.#names.expression(source.text, scope);
        for (const name of source.using) this.#variable(name, scope);
    }
  }

  /** Variables that INTO sets. */
  #targets(targets: readonly NameAt[], at: number, scope: StaticScope): void {
    const seen = new Set<string>();
    for (const target of targets) {
      this.#variable(target, scope);
      if (seen.has(target.name)) throw SnowflakeError.of('intoRepeated', { ...this.#place(at), name: target.name });
      seen.add(target.name);
    }
  }

  #variable(name: NameAt, scope: StaticScope): void {
    const kind = scope.kindOf(name.name);
    if (kind === undefined || kind === 'procedure')
      throw this.#names.invalid(name.written.startsWith('"') ? name.written : name.name, name.at);
    if (kind === 'cursor' || kind === 'resultset')
      throw SnowflakeError.of('invalidUse', { ...this.#place(name.at), kind, name: name.name });
  }

  #use(name: NameAt, kinds: readonly NameKind[], scope: StaticScope): void {
    const kind = scope.kindOf(name.name);
    if (kind === undefined || !kinds.includes(kind)) throw this.#names.invalid(name.name, name.at);
  }

  #place(at: number): Place {
    return placeIn(this.#text, at);
  }
}
