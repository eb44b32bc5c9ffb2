import type { StageFile, StageLocation } from '../data/ports.ts';
import type { Location } from '../objects/stage-location.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { addToFolder, listFolder, removeFile } from '../platform/stage-folder.ts';

/** A location as the data plane reads and writes it. */
export async function readStage(location: Location, scope: ObjectScope): Promise<StageLocation> {
  const files = await listFolder(location.root, location.path);
  return {
    display: location.display,
    files: files.map((file): StageFile => ({
      name: file.path,
      path: file.absolute,
      size: file.size,
      md5: file.md5,
      lastModified: file.modified,
    })),
    add: (relativePath, sourcePath) => addToFolder(location.root, joined(location.path, relativePath), sourcePath),
    remove: (file) => removeFile(file.path),
    fileFormat: formatOf(location, scope),
  };
}

function joined(folder: string, path: string): string {
  return folder === '' || folder.endsWith('/') ? `${folder}${path}` : `${folder}/${path}`;
}

/** The options of the stage's own FILE_FORMAT; a named format's when it names one. */
function formatOf(location: Location, scope: ObjectScope): StageLocation['fileFormat'] {
  const format = (location.object.properties['FILE_FORMAT'] ?? {}) as Record<string, string>;
  const named = format['FORMAT_NAME'];
  if (named === undefined) return format;
  return scope.find('FILE FORMAT', named.split('.')).properties as StageLocation['fileFormat'];
}
