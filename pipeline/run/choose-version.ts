import { PipelineFailure } from '../failure.ts';
import type { ModelVersion } from '../snowflake/model-versions.ts';

const listed = (versions: readonly ModelVersion[]): string =>
  versions.map(({ name, isDefault }) => `${name}${isDefault ? ' (the default)' : ''}`).join(', ');

/**
 * The version to make the default: the one named, in upper case or as it stands, else the newest.
 * @param versions oldest first
 * @throws PipelineFailure with the versions that there are
 */
export const versionToPromote = (versions: readonly ModelVersion[], given: string | undefined): ModelVersion => {
  const [newest] = versions.slice(-1);
  const found =
    given === undefined
      ? newest
      : (versions.find(({ name }) => name === given) ?? versions.find(({ name }) => name === given.toUpperCase()));
  if (found !== undefined) return found;
  throw new PipelineFailure(given === undefined ? 'The model has no version.' : `The model has no version ${given}.`, {
    wayOut:
      versions.length === 0 ? 'A run that passes its quality check registers one.' : `It has, oldest first: ${listed(versions)}.`,
  });
};

/**
 * The version that was registered before the present default; Snowflake does not keep which one was the default before.
 * @param versions oldest first
 * @throws PipelineFailure when there is no older one
 */
export const versionToRollBackTo = (versions: readonly ModelVersion[]): ModelVersion => {
  const present = versions.findIndex(({ isDefault }) => isDefault);
  const found = versions[present - 1];
  if (present > 0 && found !== undefined) return found;
  throw new PipelineFailure(
    present === 0 ? `No version is older than the default, ${versions[0]?.name ?? ''}.` : 'The model has no default version.',
    { wayOut: `It has, oldest first: ${listed(versions)}. Choose one: pipeline promote VERSION.` },
  );
};
