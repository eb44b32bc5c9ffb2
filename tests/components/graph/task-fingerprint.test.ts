import { describe, expect, it } from 'vitest';

import { type TaskFacts, taskFingerprint } from '../../../components/graph/task-fingerprint.ts';

const facts: TaskFacts = {
  after: ['A', 'B'],
  warehouse: 'DEMO_WH',
  schedule: '30 MINUTE',
  when: "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('A') = 'x'",
  body: 'CALL "D"."S"."P"()',
  config: '{"a":1}',
  comment: 'code 1',
};

describe('taskFingerprint', () => {
  it('is the same for spellings that mean the same', () => {
    const respelled = {
      ...facts,
      after: ['B', 'A'],
      schedule: '30 minute',
      when: " system$get_predecessor_return_value('A')\n = 'x'",
      body: 'call  "D"."S"."P"()',
      finalizes: undefined,
    };
    expect(taskFingerprint(respelled)).toBe(taskFingerprint(facts));
  });

  it.each(['after', 'finalizes', 'warehouse', 'schedule', 'when', 'body', 'config', 'comment'] as const)(
    'differs with %s',
    (name) => {
      const changed = { ...facts, [name]: name === 'after' ? ['A'] : 'SOMETHING ELSE' };
      expect(taskFingerprint(changed)).not.toBe(taskFingerprint(facts));
    },
  );
});
