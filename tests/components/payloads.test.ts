import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadPayloads, PayloadError } from '../../components/payloads.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'payloads-'));
  write('requirements.lock', '# pins\nsnowflake-snowpark-python==1.56.0\nsnowflake-ml-python==2.6.0 ; python_version >= "3.11"\n');
  write('src/common.py', 'x = 1\n');
  write('src/prepare.py', 'import common\n');
  write('src/train.py', 'import common\n');
  write('src/job.py', 'print(1)\n');
  write('src/tests/test_job.py', 'pass\n');
  write('src/__pycache__/job.py', 'pass\n');
  writeManifest();
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function writeManifest(change: Record<string, unknown> = {}): void {
  const manifest = {
    runtimeVersion: '3.11',
    procedures: {
      PREPARE: procedure('prepare', ['src/common.py', 'src/prepare.py']),
      TRAIN: { ...procedure('train', ['src/common.py', 'src/train.py']), job: 'training' },
    },
    jobs: { training: { source: 'src', entryPoint: 'job.py', files: ['src/job.py'] } },
    ...change,
  };
  write('manifest.json', JSON.stringify(manifest));
}

function procedure(module: string, imports: readonly string[]) {
  const packages = ['snowflake-snowpark-python', 'snowflake-ml-python'];
  return { handler: `${module}.handler`, imports, packages, executeAs: 'CALLER' };
}

function codeHashes(): Record<string, string> {
  return Object.fromEntries(loadPayloads(folder).procedures.map(({ name, codeHash }) => [name, codeHash]));
}

describe('loadPayloads', () => {
  it('finds code, without tests and caches', () => {
    const paths = loadPayloads(folder).files.map((file) => file.path);
    expect(paths).toEqual(['src/common.py', 'src/job.py', 'src/prepare.py', 'src/train.py']);
  });

  it('pins packages to the lock, or to the versions that are given', () => {
    const [prepare] = loadPayloads(folder).procedures;
    expect(prepare).toMatchObject({ snowparkVersion: '1.56.0', packages: ['snowflake-ml-python==2.6.0'] });
    const [other] = loadPayloads(folder, { 'snowflake-snowpark-python': '1.40.0' }).procedures;
    expect(other?.snowparkVersion).toBe('1.40.0');
  });

  it('changes the code hash of exactly the procedures that use a changed file', () => {
    const before = codeHashes();
    write('src/prepare.py', 'import common\n\n');
    expect(codeHashes()).toEqual({ TRAIN: before['TRAIN'], PREPARE: expect.not.stringMatching(before['PREPARE'] ?? '') });
    write('src/prepare.py', 'import common\n');
    expect(codeHashes()).toEqual(before);
    // The training job's code belongs to the procedure that submits it.
    write('src/job.py', 'print(2)\n');
    expect(codeHashes()).toEqual({ PREPARE: before['PREPARE'], TRAIN: expect.not.stringMatching(before['TRAIN'] ?? '') });
    write('src/common.py', 'x = 2\n');
    expect(codeHashes()['PREPARE']).not.toBe(before['PREPARE']);
  });

  it.each([
    [{ procedures: { PREPARE: procedure('prepare', ['src/missing.py']) } }, 'PREPARE needs src/missing.py, which does not exist'],
    [
      { procedures: { P: { ...procedure('p', ['src/common.py']), job: 'other' } } },
      'P submits the job other, which is not in jobs',
    ],
    [
      { procedures: { P: { ...procedure('p', ['src/common.py']), packages: ['snowflake-snowpark-python', 'xgboost'] } } },
      'P needs the package xgboost',
    ],
    [{ runtimeVersion: 'three' }, 'is not a payload manifest'],
  ])('refuses %j', (change, problem) => {
    writeManifest(change);
    expect(() => loadPayloads(folder)).toThrow(PayloadError);
    expect(() => loadPayloads(folder)).toThrow(problem);
  });

  it('says how a missing manifest is written', () => {
    rmSync(join(folder, 'manifest.json'));
    expect(() => loadPayloads(folder)).toThrow('python -m mortgage_pipeline manifest');
  });

  it('loads the payloads of this project', () => {
    const { procedures, files } = loadPayloads('payloads');
    expect(procedures.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['PREPARE_DATA', 'TRAIN_MODEL', 'CHECK_MODEL_QUALITY', 'PROMOTE_MODEL', 'SEND_ALERT', 'CLEANUP']),
    );
    expect(files.length).toBeGreaterThan(10);
  });
});
