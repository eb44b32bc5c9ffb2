import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';

/** The nearest folder at or above `start` that holds a Pulumi.yaml. */
export const findProjectFolder = (start: string): string | undefined => {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Pulumi.yaml'))) return folder;
    if (folder === parse(folder).root) return undefined;
  }
};
