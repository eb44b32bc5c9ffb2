import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { inCache, inRoot } from '../../toolchain/setup/paths.mjs';
import { tryCommand } from '../../toolchain/setup/run-command.mjs';

const files = [
  '.github/workflows/pull-request.yml',
  '.github/workflows/deploy.yml',
  '.github/actions/set-up/action.yml',
  'azure-pipelines.yml',
  '.azure/set-up.yml',
  '.azure/deploy.yml',
];
const read = (file: string): string => readFileSync(inRoot(file), 'utf8');

/** The commands in a pipeline's file: `run:` on GitHub, `script:` on Azure. */
const commands = (file: string): readonly string[] =>
  Array.from(read(file).matchAll(/^ *-? (?:run|script): (?!\|)(.+)$/gmu), ([, command = '']) => command);

describe.each(files)('%s', (file) => {
  test('is YAML', () => {
    for (const document of parseAllDocuments(read(file))) expect(document.errors).toEqual([]);
  });

  test('runs commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const makefile = read('Makefile');
    for (const command of commands(file)) {
      const [tool = '', target = '', name = ''] = command.replace(' -s ', ' ').split(' ');
      if (tool === 'make') expect(makefile, command).toMatch(new RegExp(`^${target}:`, 'mu'));
      else if (tool === 'npm') expect(scripts, command).toHaveProperty([name]);
      else if (tool === 'npx') expect(existsSync(inRoot('node_modules', '.bin', target)), command).toBe(true);
      else expect(tool, command).toBe('gh');
    }
  });
});

test('every workflow is looked at', () => {
  const workflows = readdirSync(inRoot('.github/workflows')).map((name) => join('.github/workflows', name));
  expect(files).toEqual(expect.arrayContaining(workflows));
  expect(files.flatMap(commands).length).toBeGreaterThan(8);
});

describe('npm run azure:comment', () => {
  const commentFile = inCache(`comment-${process.pid}.md`);
  const requests: { method: string; url: string; authorization: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, authorization: headers.authorization ?? '', body });
      response.writeHead(headers.authorization === 'Bearer good' ? 200 : 403).end('answer');
    });
  });
  beforeAll(async () => {
    writeFileSync(commentFile, '### Preview');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
    rmSync(commentFile);
  });

  const post = (token: string): ReturnType<typeof tryCommand> =>
    tryCommand('node', ['toolchain/azure-comment.mjs', commentFile], {
      env: {
        SYSTEM_COLLECTIONURI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/organisation/`,
        SYSTEM_TEAMPROJECT: 'project',
        BUILD_REPOSITORY_ID: 'repository',
        SYSTEM_PULLREQUEST_PULLREQUESTID: '7',
        SYSTEM_ACCESSTOKEN: token,
      },
    });
  test('puts a file into the pull request', async () => {
    const { code } = await post('good');
    expect(code).toBe(0);
    expect(requests.at(-1)).toMatchObject({
      method: 'POST',
      url: '/organisation/project/_apis/git/repositories/repository/pullRequests/7/threads?api-version=7.1',
    });
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toMatchObject({ comments: [{ content: '### Preview' }] });
  });

  test('fails with the answer when it is refused', async () => {
    const { code, output } = await post('bad');
    expect(code).toBe(1);
    expect(output).toContain('refused the comment: 403 answer');
    expect(output).not.toContain('bad');
  });
});
