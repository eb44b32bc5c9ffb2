import { readdir, readFile } from 'node:fs/promises';

const looksEvery = 200;

/** Watches the memory of a process and of all that it starts, until told to stop. Linux. */
export class ProcessTree {
  readonly #root: number;
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => void this.#look(), looksEvery);
  }

  /** The most they held together, in megabytes, shared pages counted once for each. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#peak;
  }

  async #look(): Promise<void> {
    const processes = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(processOf));
    const below = new Set([this.#root]);
    // A child has a higher number than its parent, except where the numbers begin anew.
    for (const process of processes.sort((a, b) => a.pid - b.pid)) if (below.has(process.parent)) below.add(process.pid);
    const held = processes.filter(({ pid }) => below.has(pid)).reduce((sum, { megabytes }) => sum + megabytes, 0);
    this.#peak = Math.max(this.#peak, held);
  }
}

async function processOf(name: string): Promise<{ readonly pid: number; readonly parent: number; readonly megabytes: number }> {
  const pid = Number(name);
  // It may have ended since.
  const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
  const number = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'mu').exec(status)?.[1] ?? 0);
  return { pid, parent: number('PPid'), megabytes: number('VmRSS') / 1024 };
}
