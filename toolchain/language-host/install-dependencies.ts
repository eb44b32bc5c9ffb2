import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { ServerWritableStream } from '@grpc/grpc-js';
import language from '@pulumi/pulumi/proto/language_pb.js';

import { childEnd, type ChildProcesses } from './child-processes.ts';

/** `pulumi install`: npm's clean install when there is a lock file, else a plain one; what npm prints is passed on. */
export async function installDependencies(
  call: ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>,
  children: ChildProcesses,
): Promise<void> {
  const directory = call.request.getInfo()?.getProgramDirectory() || call.request.getDirectory();
  const child = children.start({
    command: 'npm',
    arguments: [existsSync(join(directory, 'package-lock.json')) ? 'ci' : 'install', '--loglevel=error'],
    directory,
    environment: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  call.once('cancelled', () => children.stop(child));
  child.stdout?.on('data', (chunk: Buffer) => call.write(new language.InstallDependenciesResponse().setStdout(chunk)));
  child.stderr?.on('data', (chunk: Buffer) => call.write(new language.InstallDependenciesResponse().setStderr(chunk)));
  const end = await childEnd(child);
  if ('signal' in end) throw new Error(`npm was ended by ${end.signal}`);
  if (end.code !== 0) throw new Error(`npm ended with exit code ${end.code}`);
}
