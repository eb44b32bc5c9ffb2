import { createRequire } from 'node:module';
import { join } from 'node:path';

import language from '@pulumi/pulumi/proto/language_pb.js';

import { type ChildEnd, childEnd } from './child-processes.ts';
import type { LanguageHost } from './language-runtime.ts';
import { runtimeOptions } from './runtime-options.ts';

/** @pulumi/pulumi ends a program with this code when it has already told the user what is wrong. */
const exitCodeAfterReportedError = 32;

export type ProgramRun = { response: Promise<language.RunResponse>; stop: () => void };

/** Runs the project's program in a Node.js process of its own, through @pulumi/pulumi's own runner. */
export function runProgram(request: language.RunRequest, { engineAddress, children }: LanguageHost): ProgramRun {
  const notStarted = (error: string): ProgramRun => ({
    response: Promise.resolve(new language.RunResponse().setError(error)),
    stop: () => undefined,
  });
  if (request.getAttachDebugger()) {
    return notStarted('This build of the Pulumi CLI cannot attach a debugger: install the official one for it.');
  }
  const info = request.getInfo();
  const directory = request.getPwd() || process.cwd();
  let options;
  try {
    options = runtimeOptions(info);
  } catch (cause) {
    return notStarted((cause as Error).message);
  }
  const runner = resolveRunner(info?.getProgramDirectory() || directory);
  if (runner === undefined) {
    return notStarted(`The package @pulumi/pulumi is not installed for the program in ${directory}: run npm ci there.`);
  }

  // The engine shows what a plugin prints, so the program's output goes straight through.
  const child = children.start({
    command: process.execPath,
    arguments: [...options.nodeArguments, runner, ...runnerArguments(request, engineAddress)],
    directory,
    environment: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return {
    response: childEnd(child).then(runResponse, (cause: Error) =>
      new language.RunResponse().setError(`The program could not be started: ${cause.message}`),
    ),
    stop: () => children.stop(child),
  };
}

function resolveRunner(programDirectory: string): string | undefined {
  try {
    return createRequire(join(programDirectory, 'package.json')).resolve('@pulumi/pulumi/cmd/run');
  } catch {
    return undefined;
  }
}

function runnerArguments(request: language.RunRequest, engineAddress: string): string[] {
  const flags: [name: string, value: string][] = [
    ['monitor', request.getMonitorAddress()],
    ['engine', engineAddress],
    ['organization', request.getOrganization()],
    ['project', request.getProject()],
    ['root-directory', request.getInfo()?.getRootDirectory() ?? ''],
    ['stack', request.getStack()],
    ['pwd', request.getPwd()],
    ['parallel', String(request.getParallel())],
  ];
  return [
    ...flags.filter(([, value]) => value !== '').flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ['--dry-run'] : []),
    // Without an entry point the runner takes the one that package.json names, or index.
    request.getInfo()?.getEntryPoint() || request.getProgram() || '.',
    ...request.getArgsList(),
  ];
}

function runResponse(end: ChildEnd): language.RunResponse {
  const response = new language.RunResponse();
  if ('signal' in end) return response.setError(`The program was ended by ${end.signal}.`);
  if (end.code === 0) return response;
  if (end.code === exitCodeAfterReportedError) return response.setBail(true);
  return response.setError(`Program exited with non-zero exit code: ${end.code}`);
}
