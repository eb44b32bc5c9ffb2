// @ts-check

/**
 * One thing that set-up brings about.
 * @typedef {object} Step
 * @property {string} title
 * @property {() => boolean} isDone a look at a few files, so that a set-up with nothing to do takes no time
 * @property {(say: (progress: string) => void) => Promise<void>} work safe to interrupt and to repeat
 */

/** How often a step that takes long says that it is alive, in milliseconds. */
const heartbeatMs = 15_000;

/** Does a step if it is not done, with one line of output at its start and one at its end. @param {Step} step @param {{ quiet?: boolean }} [options] */
export async function takeStep({ title, isDone, work }, { quiet = false } = {}) {
  if (isDone()) {
    if (!quiet) print(`✓ ${title}: up to date`);
    return;
  }
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
  let progress = '';
  print(`… ${title}`);
  const heartbeat = setInterval(() => print(`… ${title}: ${progress}${progress && ', '}${seconds()}`), heartbeatMs);
  try {
    await work((text) => {
      progress = text;
    });
  } finally {
    clearInterval(heartbeat);
  }
  print(`✓ ${title} (${seconds()})`);
}

/** To standard error: what a command prints for other programs stays clean. @param {string} line */
function print(line) {
  process.stderr.write(`${line}\n`);
}
