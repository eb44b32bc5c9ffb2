import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { FileFormatOptions, StageFile, StageLocation } from '../../../../local-snowflake/data/ports.ts';
import { SnowflakeError } from '../../../../local-snowflake/errors/snowflake-error.ts';

/** Stages as folders below one directory: `@name/path`, `@db.schema.name/path`, `snow://kind/name/path`. */
export function folderStages(
  root: string,
  formats: ReadonlyMap<string, FileFormatOptions> = new Map(),
): (location: string) => Promise<StageLocation> {
  return (location) => {
    const match = /^(?:@|snow:\/\/\w+\/)((?:"[^"]*"|[\w$]+)(?:\.(?:"[^"]*"|[\w$]+))*)\/?(.*)$/u.exec(location);
    const name = match?.[1]?.split('.').at(-1)?.replaceAll('"', '').toUpperCase();
    if (name === undefined || !existsSync(join(root, name))) {
      return Promise.reject(SnowflakeError.of('objectDoesNotExist', { kind: 'Stage', name: location }));
    }
    const directory = join(root, name);
    const path = match?.[2] ?? '';
    const files = walk(directory)
      .filter((file) => relative(directory, file).startsWith(path))
      .sort()
      .map((file) => stageFile(directory, file));
    return Promise.resolve({
      display: `@DB.PUBLIC.${name}${path === '' ? '' : `/${path}`}`,
      files,
      add: (relativePath, source) => {
        const target = join(
          directory,
          `${path}${path === '' || path.endsWith('/') || relativePath.startsWith('_') ? '' : '/'}${relativePath}`,
        );
        mkdirSync(dirname(target), { recursive: true });
        copyFileSync(source, target);
        return Promise.resolve();
      },
      remove: (file) => {
        rmSync(file.path);
        return Promise.resolve();
      },
      fileFormat: formats.get(name) ?? {},
    });
  };
}

function walk(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function stageFile(directory: string, path: string): StageFile {
  const { size, mtimeMs } = statSync(path);
  return {
    name: relative(directory, path),
    path,
    size,
    md5: createHash('md5').update(readFileSync(path)).digest('hex'),
    lastModified: mtimeMs,
  };
}
