/** Does `work` now and every `period` milliseconds of real time, until the function it returns is called. */
export function repeat(work: () => void, period: number): () => void {
  work();
  const timer = setInterval(work, period);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
