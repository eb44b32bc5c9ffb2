import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

import { textOf } from '../property-values.ts';
import type { Properties, ResourceKind } from '../resource-kind.ts';
import { qualifiedName, splitQualifiedName } from '../snowflake/names.ts';
import { cellText, executeIfExists, type Session } from '../snowflake/session.ts';
import { literal, qualified } from '../snowflake/sql-text.ts';

interface StageObject {
  /** `DB.SCHEMA.STAGE` */
  readonly stage: string;
  /** Below the stage, with `/` between folders. */
  readonly path: string;
  /** File to upload, relative to the project. */
  readonly source: string;
  /** SHA-256 of the content, hexadecimal. */
  readonly contentHash: string;
}

const stagePath = z
  .string()
  .regex(
    /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?:[\w.=+-]+\/)*[\w.=+-]+$/u,
    'must be a relative path of letters, digits and ._=+- with / between folders, for example mortgage/train.py',
  );

/**
 * One file on an internal stage. Its content hash is an input, so a changed file shows in the preview; the stage's own
 * checksum is kept, so a refresh finds a file that somebody else replaced or removed.
 * https://docs.snowflake.com/en/sql-reference/sql/put
 */
export const stageObject: ResourceKind = {
  type: 'snowflakeml:index:StageObject',
  inputs: {
    stage: { accepts: qualifiedName, replaces: true },
    path: { accepts: stagePath, replaces: true },
    source: { accepts: z.string().min(1), ignored: true },
    contentHash: { accepts: z.string().regex(/^[0-9a-f]{64}$/u, 'must be a SHA-256 hash in hexadecimal') },
  },
  computed: ['size', 'md5', 'location'],
  id: (inputs) => location(object(inputs)),
  // The path as it is in the project: what comes before it differs from one machine to the next.
  createStatements: (inputs) => [putStatement(object(inputs), `file://${object(inputs).source}`)],
  updateStatements: (_state, inputs) => [putStatement(object(inputs), `file://${object(inputs).source}`)],
  create: (session, inputs) => upload(session, object(inputs)),
  update: (session, _state, inputs) => upload(session, object(inputs)),
  read: async (session, id, state) => {
    const wanted = Object.keys(state).length === 0 ? parseLocation(id) : object(state);
    const found = await list(session, wanted);
    if (found === undefined) return undefined;
    // A checksum we did not write means other content, whose hash nobody knows.
    const ours = state['md5'] === undefined || state['md5'] === found['md5'];
    return { ...wanted, ...found, contentHash: ours ? (wanted.contentHash ?? '') : `md5:${textOf(found['md5'])}` };
  },
  delete: async (session, id, state) => {
    const { stage, path } = object(Object.keys(state).length === 0 ? parseLocation(id) : state);
    const file = basename(path).replaceAll(/[.+]/gu, (character) => `[${character}]`);
    // REMOVE takes everything that begins with the path; the pattern keeps it to this file.
    // https://docs.snowflake.com/en/sql-reference/sql/remove
    await executeIfExists(session, `REMOVE ${literal(stageReference(stage, path))} PATTERN = ${literal(`.*${file}`)}`);
  },
};

function object(properties: Properties | Partial<StageObject>): StageObject {
  return properties as unknown as StageObject;
}

function location({ stage, path }: StageObject): string {
  return `@${stage}/${path}`;
}

function parseLocation(id: string): Partial<StageObject> {
  const match = /^@([^/]+)\/(.+)$/u.exec(id);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`"${id}" is not the id of a stage object; it has the form @DB.SCHEMA.STAGE/path/file.py`);
  }
  return { stage: match[1], path: match[2] };
}

function stageReference(stage: string, path: string): string {
  const { database, schema, name } = splitQualifiedName(stage);
  return `@${qualified(database, schema, name)}/${path}`;
}

function putStatement({ stage, path }: StageObject, fileUrl: string): string {
  const folder = dirname(path) === '.' ? '' : dirname(path);
  // Without SOURCE_COMPRESSION: snowflake-sdk fails at its value NONE.
  const target = literal(stageReference(stage, folder).replace(/\/$/u, ''));
  return `PUT ${literal(fileUrl)} ${target} AUTO_COMPRESS = FALSE OVERWRITE = TRUE`;
}

async function upload(session: Session, wanted: StageObject): Promise<Properties> {
  const content = await readFile(wanted.source);
  const hash = createHash('sha256').update(content).digest('hex');
  if (hash !== wanted.contentHash) {
    throw new Error(`${wanted.source} changed while it was being deployed; run the update again.`);
  }
  // A copy of these very bytes: PUT names the object after the file and reads * and ? in its path as a pattern.
  const folder = await mkdtemp(join(tmpdir(), 'stage-object-'));
  try {
    const copy = join(folder, basename(wanted.path));
    await writeFile(copy, content, { mode: 0o600 });
    await session.execute(putStatement(wanted, pathToFileURL(copy).href));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const found = await list(session, wanted);
  if (found === undefined) throw new Error(`${location(wanted)} is not on the stage after its upload.`);
  return { ...wanted, ...found };
}

// https://docs.snowflake.com/en/sql-reference/sql/list
async function list(session: Session, { stage, path }: Partial<StageObject>): Promise<Properties | undefined> {
  if (stage === undefined || path === undefined) return undefined;
  const rows = await executeIfExists(session, `LIST ${literal(stageReference(stage, path))}`);
  // LIST begins a name with the stage's own, in lower case.
  const row = rows.find((each) => cellText(each, 'name').replace(/^[^/]*\//u, '') === path);
  if (row === undefined) return undefined;
  return { size: Number(cellText(row, 'size')), md5: cellText(row, 'md5'), location: `@${stage}/${path}` };
}
