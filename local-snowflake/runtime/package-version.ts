/** A Python package's version in the parts that order it. https://packaging.python.org/en/latest/specifications/version-specifiers/ */
export interface PackageVersion {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Before the release: `a1`, `b2`, `rc1`. */
  readonly pre: readonly [phase: 'a' | 'b' | 'rc', number: number] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
}

const pattern =
  /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<phase>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?<pre>\d*))?(?:(?:[-_.]?(?:post|rev|r)[-_.]?(?<post>\d*))|-(?<bare>\d+))?(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>\d*))?(?:\+[a-z0-9.]+)?$/iu;

export function parseVersion(text: string): PackageVersion | undefined {
  const groups = pattern.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const { epoch, release = '', phase, pre, post, bare, dev, devNumber } = groups;
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    pre: phase === undefined ? undefined : [phaseOf(phase.toLowerCase()), Number(pre)],
    post: post === undefined && bare === undefined ? undefined : Number(post ?? bare),
    dev: dev === undefined ? undefined : Number(devNumber),
  };
}

function phaseOf(spelling: string): 'a' | 'b' | 'rc' {
  if (spelling.startsWith('a')) return 'a';
  return spelling.startsWith('b') ? 'b' : 'rc';
}

/** Negative when `a` is older. */
export function compareVersions(a: PackageVersion, b: PackageVersion): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  for (let index = 0; index < Math.max(a.release.length, b.release.length); index += 1) {
    const difference = (a.release[index] ?? 0) - (b.release[index] ?? 0);
    if (difference !== 0) return difference;
  }
  const [left, right] = [rank(a), rank(b)];
  for (const [index, part] of left.entries()) {
    const difference = part - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Orders versions of one release: 1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0rc1 < 1.0 < 1.0.post1. */
function rank({ pre, post, dev }: PackageVersion): readonly number[] {
  const phases = { a: 1, b: 2, rc: 3 };
  const phase = pre === undefined ? (post === undefined && dev !== undefined ? 0 : 4) : phases[pre[0]];
  return [phase, pre?.[1] ?? 0, post === undefined ? -1 : post, dev === undefined ? Number.MAX_SAFE_INTEGER : dev];
}
