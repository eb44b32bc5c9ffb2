// @ts-check
import { existsSync, readlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { cacheEntry, inputHash, pointLink } from './cache-entry.mjs';
import { inCache, inRoot } from './paths.mjs';
import { runCommand, tryCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/** The version that Snowflake's Python runtime has and that the lock files are made for. */
const pythonVersion = '3.11';

const link = inCache('venv');

/** The interpreter of the project's environment. */
export const pythonCommand = join(link, 'bin', 'python');

const pipInstall = ['-m', 'pip', 'install', '--no-deps', '--no-input', '--disable-pip-version-check', '--progress-bar=off'];

const lockFiles = ['payloads/requirements.lock', 'payloads/requirements-dev.lock'];

const environment = () =>
  // An environment has its own path inside, so one that was copied from another working copy is not the same.
  cacheEntry('python', 'venv', inputHash({ files: lockFiles, texts: [inCache('python')] }));

/** The Python packages of the payloads and of the local Snowflake's workers. @type {import('./step.mjs').Step} */
export const pythonEnvironment = {
  title: `Python ${pythonVersion} environment`,
  isDone: () => environment().exists() && existsSync(link) && resolve(inCache(), readlinkSync(link)) === environment().path,
  work: async (say) => {
    const entry = environment();
    if (!entry.exists()) await entry.make((folder) => installLocked(folder, lockFiles, say), { inPlace: true });
    pointLink(link, entry.path);
  },
};

/** A new environment with the packages of complete lock files. @param {string} folder @param {readonly string[]} files below the root @param {(progress: string) => void} say @param {readonly string[]} [options] of pip */
export async function installLocked(folder, files, say, options = []) {
  await runCommand(await findPython(), ['-m', 'venv', folder]);
  const python = join(folder, 'bin', 'python');
  // The lock files are complete: nothing is resolved, so nothing else is fetched.
  await runCommand(python, [...pipInstall, ...options, ...files.flatMap((file) => ['-r', inRoot(file)])], {
    onLine: (line) => {
      if (/^(Collecting|Downloading|Installing)/u.test(line)) say(line.slice(0, 80));
    },
  });
}

/** Says what the payloads' package in the environment was made from. */
const payloadsStamp = () => join(environment().path, `.payloads-${inputHash({ files: ['payloads/pyproject.toml'] })}`);

/** The payloads as an importable package; their source stays where it is. @type {import('./step.mjs').Step} */
export const payloadsPackage = {
  title: 'Payloads package',
  isDone: () => existsSync(payloadsStamp()),
  work: async () => {
    await runCommand(join(environment().path, 'bin', 'python'), [
      ...pipInstall,
      '--no-build-isolation',
      '--editable',
      inRoot('payloads'),
    ]);
    writeFileSync(payloadsStamp(), '');
  },
};

/** A Python of the right version that can make environments. */
export async function findPython() {
  const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
  for (const command of [`python${pythonVersion}`, 'python3', 'python']) {
    const { code, stdout } = await tryCommand(command, ['-c', probe]);
    if (code === 0 && stdout.trim() === pythonVersion) return command;
  }
  throw new SetupError(
    `Python ${pythonVersion} with its venv module is needed and was not found on PATH. Debian, Ubuntu: apt install python${pythonVersion} ` +
      `python${pythonVersion}-venv · macOS: brew install python@${pythonVersion} · Windows: WSL · any: https://www.python.org/downloads/`,
  );
}
