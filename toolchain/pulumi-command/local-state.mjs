// @ts-check
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { inLocal, inRoot } from '../setup/paths.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/** Where Pulumi keeps its state when no other backend is chosen. */
const stateFolder = inLocal('pulumi-state');

const passphraseFile = join(stateFolder, 'passphrase');

/** Whether stacks live in this working copy's own state; else everything about state and its encryption is the user's choice. */
export function usesLocalState() {
  const { PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN } = process.env;
  return !PULUMI_BACKEND_URL && !PULUMI_ACCESS_TOKEN && !/^backend:/mu.test(readFileSync(inRoot('Pulumi.yaml'), 'utf8'));
}

/** Whether secrets in the local state are encrypted with a passphrase of this machine alone. */
function ownsPassphrase() {
  const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
  return PULUMI_CONFIG_PASSPHRASE === undefined && PULUMI_CONFIG_PASSPHRASE_FILE === undefined;
}

/** The engine's environment for the local state; makes the folder and the passphrase when they are not there. @returns {NodeJS.ProcessEnv} */
export function localStateEnvironment() {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  if (ownsPassphrase() && !existsSync(passphraseFile)) {
    writeFileSync(passphraseFile, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  }
  return {
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    ...(ownsPassphrase() && { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile, PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: 'true' }),
  };
}

/** Whether a stack was created already. @param {string} stack */
export function stackExists(stack) {
  return existsSync(stackState(stack));
}

/** Whether something is deployed in a stack. @param {string} stack */
export function stackHasResources(stack) {
  if (!stackExists(stack)) return false;
  /** @type {{ checkpoint: { latest?: { resources?: readonly unknown[] } } }} */
  const { checkpoint } = JSON.parse(readFileSync(stackState(stack), 'utf8'));
  return (checkpoint.latest?.resources ?? []).length > 0;
}

/** Refuses a stack that has no settings, and names those that have. @param {string} stack */
export function checkStackIsKnown(stack) {
  const known = readdirSync(inRoot()).flatMap((file) => /^Pulumi\.(.+)\.yaml$/u.exec(file)?.[1] ?? []);
  if (known.includes(stack)) return;
  throw new SetupError(
    `There is no stack "${stack}". The stacks are ${known.join(', ')}: each has its settings in Pulumi.<stack>.yaml.`,
  );
}

/**
 * The engine notes the salt of the passphrase in the stack's settings, which are under version control, while the passphrase is of
 * this machine. The state has the salt as well and the engine finds it there, so the note goes, unless a secret was set with it.
 * @param {string} stack
 */
export function dropSalt(stack) {
  const settingsFile = inRoot(`Pulumi.${stack}.yaml`);
  if (!ownsPassphrase() || !existsSync(settingsFile) || !stackExists(stack)) return;
  const settings = readFileSync(settingsFile, 'utf8');
  const [line, salt] = /^encryptionsalt: *(\S+)\n?/mu.exec(settings) ?? [];
  if (!line || !salt || /^ *secure:/mu.test(settings)) return;
  if (readFileSync(stackState(stack), 'utf8').includes(JSON.stringify(salt)))
    writeFileSync(settingsFile, settings.replace(line, ''));
}

/** @param {string} stack */
function stackState(stack) {
  const project = /^name: *["']?([\w.-]+)/mu.exec(readFileSync(inRoot('Pulumi.yaml'), 'utf8'))?.[1];
  if (!project) throw new SetupError('Pulumi.yaml names no project.');
  return join(stateFolder, '.pulumi', 'stacks', project, `${stack}.json`);
}
