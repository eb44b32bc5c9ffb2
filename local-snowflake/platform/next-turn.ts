/** Resolves once what waits in the event loop (sockets, timers) has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
