import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configValue, mergeConfig } from '../../../local-snowflake/scheduler/graph-config.ts';

describe('USING CONFIG (execute-task: Use a dynamic CONFIG)', () => {
  it('keeps what it does not name, deep inside too', () => {
    const own = '{"environment": "prod", "output": {"dir": "/tmp", "keep": [1, 2]}}';
    expect(JSON.parse(mergeConfig(own, '{"output": {"dir": "/var"}}') ?? '')).toEqual({
      environment: 'prod',
      output: { dir: '/var', keep: [1, 2] },
    });
    expect(JSON.parse(mergeConfig(own, '{"output": {"keep": [3]}}') ?? '')).toMatchObject({ output: { dir: '/tmp', keep: [3] } });
    expect(JSON.parse(mergeConfig(own, '{"output": null}') ?? '')).toEqual({ environment: 'prod', output: null });
  });

  it('leaves the text of the graph alone when there is none, and stands alone when the graph has none', () => {
    expect(mergeConfig('{ "a":  1 }', undefined)).toBe('{ "a":  1 }');
    expect(mergeConfig(null, '{ "a":  1 }')).toBe('{"a":1}');
    expect(mergeConfig(null, undefined)).toBeNull();
  });

  it('is idempotent, and a path answers with what was set last', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(objects, objects, (own, over) => {
        const once = mergeConfig(JSON.stringify(own), JSON.stringify(over));
        expect(mergeConfig(once, JSON.stringify(over))).toBe(once);
        const merged = JSON.parse(once ?? '') as Record<string, unknown>;
        expect(new Set(Object.keys(merged))).toEqual(new Set([...Object.keys(own), ...Object.keys(over)]));
      }),
    );
  });

  it('a member named __proto__ is a member', () => {
    expect(mergeConfig('{"__proto__": {"a": 1}}', '{"__proto__": {"b": 2}}')).toBe('{"__proto__":{"a":1,"b":2}}');
    expect(configValue('{"a": 1}', '__proto__')).toBeNull();
    expect(configValue('{"a": 1}', 'constructor')).toBeNull();
  });
});

describe('SYSTEM$GET_TASK_GRAPH_CONFIG (system_get_task_graph_config, get_path)', () => {
  const config = '{"a": {"b c": [10, {"d": "text"}], "e": null, "f": true}, "plain": "bare \\"text\\"", "": 5}';

  it.each([
    ['plain', 'bare "text"'],
    ['a', '{"b c":[10,{"d":"text"}],"e":null,"f":true}'],
    ["a['b c']", '[10,{"d":"text"}]'],
    ['a["b c"][0]', '10'],
    ['a."b c"[1].d', 'text'],
    ['a.f', 'true'],
    ['a.e', null],
    ['A', null],
    ['a.x.y', null],
    ["a['b c'][9]", null],
    ['a..f', null],
    ['a[', null],
  ])('%s is %s', (path, value) => {
    expect(configValue(config, path)).toBe(value);
  });

  it('without a path the whole, compact', () => {
    expect(configValue('{ "a" : 1 }', undefined)).toBe('{"a":1}');
    expect(configValue(null, undefined)).toBeNull();
  });
});
