// @ts-check
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {...string} parts below the root */
export const inRoot = (...parts) => join(root, ...parts);

/** What set-up builds and downloads; deleting it costs time and nothing else. @param {...string} parts */
export const inCache = (...parts) => inRoot('.cache', ...parts);

/** What belongs to this machine's local stack: Pulumi state, keys, the local Snowflake's data. @param {...string} parts */
export const inLocal = (...parts) => inRoot('.local', ...parts);

/** The Pulumi engine's own folder: plugins, credentials, the selected stack. */
export const pulumiHome = process.env['PULUMI_HOME'] || inLocal('pulumi-home');
