// @ts-check

/** Does a part of the demo under a heading, and says how long it took. @template T @param {string} title @param {() => Promise<T>} work @returns {Promise<T>} */
export async function stage(title, work) {
  process.stdout.write(`\n── ${title}\n`);
  const start = performance.now();
  const result = await work();
  process.stdout.write(`   (${((performance.now() - start) / 1000).toFixed(1)} s)\n`);
  return result;
}
