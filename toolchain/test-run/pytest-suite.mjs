// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

import { inCache, inRoot } from '../setup/paths.mjs';
import { pythonCommand } from '../setup/python-environment.mjs';
import { tryCommand } from '../setup/run-command.mjs';
import { suiteOutcome } from './outcome.mjs';

/** The tests in Python. */
export async function pytestSuite() {
  const file = inCache('test', 'pytest.xml');
  mkdirSync(inCache('test'), { recursive: true });
  rmSync(file, { force: true });
  const result = await tryCommand(pythonCommand, ['-m', 'pytest', `--junitxml=${file}`], { cwd: inRoot('payloads') });
  return suiteOutcome(existsSync(file) ? counts(readFileSync(file, 'utf8')) : undefined, result);
}

/** @param {string} xml JUnit report */
function counts(xml) {
  const [suite = ''] = /<testsuite [^>]*>/u.exec(xml) ?? [];
  /** @param {string} name */
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`, 'u').exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed, skipped: count('skipped') };
}
