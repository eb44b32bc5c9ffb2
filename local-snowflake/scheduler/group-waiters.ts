/** Who waits for the end of a graph run group (EXECUTE TASK … AWAIT). */
export class GroupWaiters {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Resolves once the group is released. */
  end(group: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(group, [...(this.#waiting.get(group) ?? []), resolve]);
    });
  }

  release(group: string | undefined): void {
    if (group === undefined) return;
    for (const resolve of this.#waiting.get(group) ?? []) resolve();
    this.#waiting.delete(group);
  }
}
