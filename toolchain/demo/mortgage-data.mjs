// @ts-check
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { inLocal } from '../setup/paths.mjs';
import { pythonCommand } from '../setup/python-environment.mjs';
import { runHere } from './run-here.mjs';
import { serverFolder } from './local-server.mjs';

const dataFile = inLocal('data', 'mortgage-applications.csv');

/** Writes the data set of the mortgage decisions, loads it into the raw table by COPY, and registers its features. */
export async function loadData() {
  mkdirSync(dirname(dataFile), { recursive: true });
  await payloads('data', '--out', dataFile);
  await payloads('load', '--env', 'local', '--file', dataFile);
  await payloads('setup', '--env', 'local');
}

/** @param {...string} args */
async function payloads(...args) {
  await runHere(pythonCommand, ['-m', 'mortgage_pipeline', ...args], { env: { SNOWFLAKE_HOME: serverFolder } });
}
