import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { taskRules } from '../../../local-snowflake/scheduler/task-rules.ts';

it.each(taskRules)('the test of “$rule” ($page) is there', ({ file, test }) => {
  const text = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), 'utf8');
  const titles = [...text.matchAll(/\b(?:it|test)\(\s*(['"])((?:(?!\1)[\s\S])*)\1|^ *\]\)\(\s*(['"])((?:(?!\3)[\s\S])*)\3/gmu)].map(
    (match) => match[2] ?? match[4] ?? '',
  );
  expect(titles.filter((title) => title.startsWith(test))).not.toEqual([]);
});

it('every rule is told once', () => {
  expect(new Set(taskRules.map(({ page, rule }) => `${page} ${rule}`)).size).toBe(taskRules.length);
});
