import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PackageList } from '../../../local-snowflake/runtime/package-list.ts';
import { normalizePackageName, parseRequirement, satisfies } from '../../../local-snowflake/runtime/package-requirement.ts';
import { compareVersions, parseVersion } from '../../../local-snowflake/runtime/package-version.ts';
import { testPython } from './support/test-host.ts';

const versionText = fc
  .record({
    release: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
    pre: fc.constantFrom('', 'a1', 'b2', 'rc3', 'rc10'),
    post: fc.constantFrom('', '.post1', '.post2'),
    dev: fc.constantFrom('', '.dev1', '.dev4'),
  })
  .map(({ release, pre, post, dev }) => `${release.join('.')}${pre}${post}${dev}`);

/** What Python's own `packaging` says of each case. */
function oracle(expression: string, cases: readonly unknown[]): unknown[] {
  const program = `
import json, sys
from packaging.version import Version
from packaging.specifiers import SpecifierSet
print(json.dumps([${expression} for case in json.load(sys.stdin)]))`;
  return JSON.parse(
    execFileSync(testPython.executable, ['-I', '-c', program], { input: JSON.stringify(cases) }).toString(),
  ) as unknown[];
}

describe('a package version', () => {
  test('orders as the packaging library orders it', () => {
    const pairs = fc.sample(fc.tuple(versionText, versionText), { numRuns: 2000, seed: 7 });
    const expected = oracle('(Version(case[0]) > Version(case[1])) - (Version(case[0]) < Version(case[1]))', pairs);
    const ours = pairs.map(([a, b]) => {
      const [left, right] = [parseVersion(a), parseVersion(b)];
      if (left === undefined || right === undefined) throw new Error(`${a} ${b}`);
      return Math.sign(compareVersions(left, right));
    });
    expect(ours).toEqual(expected);
  });
});

describe('an entry of PACKAGES', () => {
  test('takes the versions that the packaging library says it takes', () => {
    // Pre-releases are left out: whether a range takes one depends on options that PACKAGES does not have.
    const release = fc.array(fc.nat(4), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('.'));
    const clause = fc.oneof(
      fc.tuple(fc.constantFrom('==', '!=', '<=', '>=', '<', '>', '~='), release).map((parts) => parts.join('')),
      fc.tuple(fc.constantFrom('==', '!='), release).map(([operator, version]) => `${operator}${version}.*`),
    );
    const cases = fc.sample(fc.tuple(release, fc.array(clause, { maxLength: 3 })), { numRuns: 2000, seed: 7 });
    const expected = oracle('Version(case[0]) in SpecifierSet(",".join(case[1]))', cases);
    expect(cases.map(([version, clauses]) => satisfies(version, parseRequirement(`p${clauses.join(',')}`)))).toEqual(expected);
  });

  test.each(['', '==1.0', 'pandas=>1', 'pandas==', 'pandas==1.0,,<x', 'pan das', '../pandas'])('refuses %j', (text) => {
    expect(() => parseRequirement(text)).toThrow(/invalid value|PACKAGES/u);
  });

  test('names a package as every tool names it', () => {
    expect(['Snowflake_Snowpark.Python', 'snowflake-snowpark-python'].map(normalizePackageName)).toEqual([
      'snowflake-snowpark-python',
      'snowflake-snowpark-python',
    ]);
  });
});

describe('the installed packages', () => {
  const list = new PackageList(testPython);

  test('include what the payloads need, with versions', async () => {
    const versions = new Map((await list.packages()).map((each) => [each.name, each.version]));
    expect(versions.get('snowflake-snowpark-python')).toMatch(/^1\./u);
    expect(versions.get('xgboost')).toMatch(/^\d+\.\d+/u);
    expect(versions.get('pyyaml')).toMatch(/^6/u);
  });

  test('satisfy names and ranges', async () => {
    const packages = ['snowflake-snowpark-python', 'xgboost>=1.7,<9', 'PyYAML', 'cloudpickle>=3.1.2'];
    await expect(list.check(packages, '3.11')).resolves.toBeUndefined();
  });

  test('are named when they do not fit, every one of them', async () => {
    await expect(list.check(['pandas', 'xgboost==0.1', 'no-such-package'], '3.11')).rejects.toThrow(
      /specified packages.*xgboost==0\.1 \(installed: .*\), no-such-package \(not installed\)/su,
    );
  });

  test('cannot be told without a Python', async () => {
    await expect(new PackageList({ executable: '/nonexistent/python' }).packages()).rejects.toThrow(
      'cannot run Python: spawn /nonexistent/python',
    );
  });

  test('belong to one version of Python', async () => {
    await expect(list.check([], '3.9')).rejects.toThrow(/Python 3\.9 \(the installed runtime is 3\.11\)/u);
    await expect(list.check([], 'three')).rejects.toThrow(/RUNTIME_VERSION/u);
  });
});
