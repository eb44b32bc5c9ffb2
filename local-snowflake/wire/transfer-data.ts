import { type DownloadOutcome, presignedPrefix, type TransferTarget, type UploadOutcome } from '../session/service.ts';

/**
 * What a driver does for PUT. https://docs.snowflake.com/en/sql-reference/sql/put
 * A presigned upload goes the way of Google's storage, the only one for which drivers take a plain-HTTP URL as it is.
 */
export function uploadData(outcome: UploadOutcome, origin: string): object {
  return {
    ...common('UPLOAD', outcome, origin),
    autoCompress: outcome.autoCompress,
    overwrite: outcome.overwrite,
    sourceCompression: outcome.sourceCompression.toLowerCase(),
    threshold: outcome.threshold,
  };
}

/** What a driver does for GET. https://docs.snowflake.com/en/sql-reference/sql/get */
export function downloadData(outcome: DownloadOutcome, origin: string): object {
  return {
    ...common('DOWNLOAD', outcome, origin),
    localLocation: outcome.localLocation,
    ...(outcome.target.kind === 'presigned' && { presignedUrls: urls(outcome.target.paths, origin) }),
  };
}

function common(command: string, outcome: UploadOutcome | DownloadOutcome, origin: string): object {
  return {
    command,
    operation: 'Node',
    kind: null,
    src_locations: outcome.sources,
    parallel: outcome.parallel,
    encryptionMaterial: null,
    clientShowEncryptionParameter: false,
    stageInfo: stageInfo(outcome.target, origin),
  };
}

function stageInfo(target: TransferTarget, origin: string): object {
  const facts = { path: '', region: '', storageAccount: null, isClientSideEncrypted: false, creds: {}, endPoint: null };
  if (target.kind === 'local') return { ...facts, locationType: 'LOCAL_FS', location: target.directory, presignedUrl: null };
  return { ...facts, locationType: 'GCS', location: 'stage/', presignedUrl: urls(target.paths, origin)[0] ?? null };
}

function urls(paths: readonly string[], origin: string): string[] {
  return paths.map((path) => `${origin}${presignedPrefix}${path}`);
}
