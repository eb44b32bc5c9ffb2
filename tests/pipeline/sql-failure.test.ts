import { expect, it } from 'vitest';
import { wayOutOf } from '../../pipeline/snowflake/sql-failure.ts';

// The messages are those that accounts give; 91089 stands for several privileges.
it.each([
  [91089, 'Cannot execute task, EXECUTE TASK privilege must be granted to owner role', 'GRANT EXECUTE TASK ON ACCOUNT'],
  [91089, "Cannot execute task, USAGE privilege on the task's warehouse DEMO_WH must be granted to owner role", 'GRANT USAGE ON'],
  [606, 'No active warehouse selected in the current session.', 'Name a warehouse in the connection'],
  [2003, "Task 'DB.S.T' does not exist or not authorized.", 'Check the name'],
])('the advice for %i "%s" is to the point', (code, message, advice) => {
  expect(wayOutOf(code, message)).toContain(advice);
});

it('there is no advice where the cause is not known', () => {
  expect(wayOutOf(100_038, "Numeric value 'x' is not recognized")).toBeUndefined();
});
