// @ts-check
// `npm run azure:comment -- <file>`: puts a file into the pull request that an Azure pipeline runs for, as a comment thread.
// https://learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-request-threads/create
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { runMain, SetupError } from './setup/setup-error.mjs';

/** A comment that asks for nothing. https://learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-request-threads/create#commentthreadstatus */
const closed = 4;

/** A variable of Azure Pipelines; the token has to be mapped into the environment by the pipeline. @param {string} name */
function variable(name) {
  const value = process.env[name];
  if (!value) throw new SetupError(`${name} is not set: this command works inside an Azure pipeline for a pull request.`);
  return value;
}

await runMain(async () => {
  const [file] = parseArgs({ allowPositionals: true }).positionals;
  if (file === undefined) throw new SetupError('Usage: npm run azure:comment -- <file>');
  const repository = [variable('SYSTEM_TEAMPROJECT'), '_apis/git/repositories', variable('BUILD_REPOSITORY_ID')].join('/');
  const path = `${repository}/pullRequests/${variable('SYSTEM_PULLREQUEST_PULLREQUESTID')}/threads?api-version=7.1`;
  const response = await fetch(new URL(path, variable('SYSTEM_COLLECTIONURI')), {
    method: 'POST',
    headers: { Authorization: `Bearer ${variable('SYSTEM_ACCESSTOKEN')}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ status: closed, comments: [{ content: readFileSync(file, 'utf8'), commentType: 'text' }] }),
  });
  if (!response.ok) throw new SetupError(`Azure DevOps refused the comment: ${response.status} ${await response.text()}`);
});
