// @ts-check

/** Pull request comments may have 65,536 characters on GitHub; the frame around the diff is well below the rest. */
const longestDiff = 60_000;

/**
 * What a preview printed, as a comment: the counts at first sight, everything else behind a fold.
 * @param {{ stack: string, output: string, succeeded: boolean }} preview
 */
export function previewComment({ stack, output, succeeded }) {
  const diff = output.replace(/^@ previewing update\.*\n/gmu, '').trim();
  const counts = /^Resources:\n((?: {4}.*\n?)+)/mu.exec(`${diff}\n`)?.[1]?.trimEnd();
  const shown = diff.length > longestDiff ? `${diff.slice(0, longestDiff)}\n… cut: see the log of the job for the rest` : diff;
  // A fence longer than any run of backticks inside cannot be closed by the diff itself.
  const longestRun = Math.max(2, ...Array.from(shown.matchAll(/`+/gu), ([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  return [
    `### Pulumi preview of \`${stack}\`${succeeded ? '' : ' failed'}`,
    '',
    ...(counts ? [fence, counts, fence, ''] : []),
    `<details${succeeded ? '' : ' open'}><summary>Everything that would change</summary>`,
    '',
    `${fence}diff`,
    // Diff colouring looks at the first character of a line, and the engine indents.
    shown.replace(/^( +)([+-])/gmu, '$2$1'),
    fence,
    '',
    '</details>',
    '',
  ].join('\n');
}
