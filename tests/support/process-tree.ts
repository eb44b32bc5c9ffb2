import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Ids of the processes that `root` has started, and of those that they have, nearest first; what has ended is not among them. */
export async function descendantsOf(root: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  const children = new Map<number, number[]>();
  for (const line of stdout.split('\n')) {
    const [pid, parent, state] = line.trim().split(/\s+/u);
    if (pid === undefined || parent === undefined || state?.startsWith('Z') === true) continue;
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(pid)]);
  }
  const found = [...(children.get(root) ?? [])];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}
