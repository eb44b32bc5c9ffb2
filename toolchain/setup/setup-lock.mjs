// @ts-check
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { inCache } from './paths.mjs';

/** Only one set-up of a working copy at a time; a second one waits and then finds everything done. @template T @param {() => Promise<T>} work */
export async function withSetupLock(work) {
  const lock = inCache('setup.lock');
  mkdirSync(inCache(), { recursive: true });
  let told = false;
  while (!takeLock(lock)) {
    const holder = readLock(lock);
    if (holder === undefined) continue;
    if (!isRunning(holder)) {
      dropStaleLock(lock, holder);
      continue;
    }
    if (!told) process.stderr.write(`Waiting for another set-up of this folder (process ${holder}) …\n`);
    told = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A link to a file that already has its content: nobody sees a lock without its owner. @param {string} lock */
function takeLock(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The process that holds the lock; undefined when it is free by now. @param {string} lock */
function readLock(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Two that wait may both see a dead holder: only what still names it is removed. @param {string} lock @param {number} holder */
function dropStaleLock(lock, holder) {
  const stale = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, stale);
    if (readLock(stale) !== holder) linkSync(stale, lock);
  } catch (error) {
    const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!['ENOENT', 'EEXIST'].includes(code)) throw error;
  } finally {
    rmSync(stale, { force: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
