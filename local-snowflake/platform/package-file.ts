import { fileURLToPath } from 'node:url';

/**
 * Absolute path of a file that ships with this package, for example `packageFile('runtime/python/worker.py')`.
 * Works from the sources and from the bundle alike: both `platform/` and `dist/` lie one level below the package's root.
 */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
