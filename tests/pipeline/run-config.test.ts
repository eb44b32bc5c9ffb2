import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configLiteral, mergeConfig, parseRunConfig, type ConfigObject } from '../../pipeline/run/run-config.ts';

const plain = (config: ConfigObject | undefined): unknown =>
  config === undefined ? undefined : JSON.parse(JSON.stringify(config));

describe('run configuration', () => {
  it('reads values as JSON where they are JSON, else as text', () => {
    const config = parseRunConfig([
      'n=0.99',
      'yes=true',
      'none=null',
      'list=[1,"b"]',
      'text=spring sale',
      'quoted="0.99"',
      'empty=',
      'expression=a=b',
    ]);
    expect(plain(config)).toEqual({
      n: 0.99,
      yes: true,
      none: null,
      list: [1, 'b'],
      text: 'spring sale',
      quoted: '0.99',
      empty: '',
      expression: 'a=b',
    });
  });

  it('reaches into objects by dots, and keeps a dot that is escaped', () => {
    expect(plain(parseRunConfig(['model.name=churn', 'model.depth=3', String.raw`model.a\.b=1`]))).toEqual({
      model: { name: 'churn', depth: 3, 'a.b': 1 },
    });
  });

  it('takes whole objects, merged with the rest, the later argument winning', () => {
    expect(
      plain(
        parseRunConfig([
          '{"quality": {"metric": "auc", "threshold": 0.7}}',
          'quality.threshold=0.9',
          '{"quality": {"metric": "f1"}}',
        ]),
      ),
    ).toEqual({
      quality: { metric: 'f1', threshold: 0.9 },
    });
  });

  it('is none without arguments, so that EXECUTE TASK goes without USING CONFIG', () => {
    expect(parseRunConfig([])).toBeUndefined();
  });

  it.each([['threshold'], ['=1'], ['a..b=1'], ['.a=1'], ['a.=1'], ['{"a": 1']])('refuses %s', (argument) => {
    expect(() => parseRunConfig([argument])).toThrow(/not understood/);
  });

  it('refuses a key below a plain value', () => {
    expect(() => parseRunConfig(['a=1', 'a.b=2'])).toThrow(/plain value/);
  });

  it('refuses a number that would not arrive as it was written', () => {
    expect(() => parseRunConfig(['id=12345678901234567890'])).toThrow(/too large/);
    expect(plain(parseRunConfig(['id="12345678901234567890"']))).toEqual({ id: '12345678901234567890' });
  });

  it('takes keys that name parts of JavaScript objects as keys like any other', () => {
    const config = parseRunConfig(['__proto__.polluted=true', 'constructor=1', '{"__proto__": {"more": 1}}']);
    expect(JSON.stringify(config)).toBe('{"__proto__":{"polluted":true,"more":1},"constructor":1}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  // https://docs.snowflake.com/en/sql-reference/sql/execute-task, "Use a dynamic CONFIG"
  it('merges as the documentation of EXECUTE TASK shows', () => {
    const defaults: ConfigObject = { environment: 'production', output_paths: { logs: '/prod/logs', results: '/prod/results' } };
    expect(plain(mergeConfig(defaults, { output_paths: { results: '/temp/testing' } }))).toEqual({
      environment: 'production',
      output_paths: { logs: '/prod/logs', results: '/temp/testing' },
    });
  });

  it('writes any configuration as one dollar-quoted literal that holds the same JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.constantFrom('$$', '$$$', 'a$$; DROP TABLE t; --', '$'), fc.integer())),
        (config) => {
          const literal = configLiteral(config);
          expect(literal.startsWith('$$') && literal.endsWith('$$')).toBe(true);
          const inner = literal.slice(2, -2);
          expect(inner).not.toContain('$$');
          expect(inner.endsWith('$')).toBe(false);
          expect(JSON.parse(inner)).toEqual(config);
        },
      ),
    );
  });
});
