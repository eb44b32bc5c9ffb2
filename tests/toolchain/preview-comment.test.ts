import { describe, expect, test } from 'vitest';

import { previewComment } from '../../toolchain/pulumi-command/preview-comment.mjs';

const output = [
  'Previewing update (dev):',
  '@ previewing update....',
  '  pulumi:pulumi:Stack: (same)',
  '    + snowflake:index/warehouse:Warehouse: (create)',
  '    - snowflake:index/schema:Schema: (delete)',
  'Resources:',
  '    + 1 to create',
  '    - 1 to delete',
  '    12 unchanged',
  '',
].join('\n');

describe('the comment about a preview', () => {
  test('shows the counts at first sight and the diff behind a fold', () => {
    const comment = previewComment({ stack: 'dev', output, succeeded: true });
    expect(comment).toMatch(
      /^### Pulumi preview of `dev`\n\n```\n {4}\+ 1 to create\n {4}- 1 to delete\n {4}12 unchanged\n```\n\n<details>/u,
    );
    expect(comment).toContain(
      '\n+     snowflake:index/warehouse:Warehouse: (create)\n-     snowflake:index/schema:Schema: (delete)\n',
    );
    expect(comment).not.toContain('previewing update..');
  });

  test('says that a preview failed, and shows why', () => {
    const comment = previewComment({ stack: 'prod', output: 'error: gate.threshold 2: too big', succeeded: false });
    expect(comment).toMatch(/^### Pulumi preview of `prod` failed\n/u);
    expect(comment).toContain('<details open>');
    expect(comment).toContain('gate.threshold 2');
  });

  test('stays below the length that GitHub accepts', () => {
    const comment = previewComment({ stack: 'dev', output: '+ x\n'.repeat(100_000), succeeded: true });
    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toContain('cut: see the log');
  });

  test('cannot be broken out of by what the diff contains', () => {
    const comment = previewComment({ stack: 'dev', output: 'before\n```\n# a heading\n````\nafter', succeeded: true });
    expect(comment).toContain('`````diff\nbefore\n```\n# a heading\n````\nafter\n`````');
  });
});
