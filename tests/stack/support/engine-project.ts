import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export interface EngineResult {
  readonly code: number;
  /** Both streams, in the order they came. */
  readonly output: string;
}

export interface EngineRun {
  readonly finished: Promise<EngineResult>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves once the output has this text. */
  readonly printed: (text: string) => Promise<void>;
}

/**
 * A Pulumi project of its own in a temporary folder, run by the real engine with this project's language host, whichever engine
 * set-up has found.
 */
export class EngineProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'engine-project-')));
  readonly #environment: NodeJS.ProcessEnv;

  constructor() {
    const host = join(this.folder, 'host');
    mkdirSync(join(this.folder, 'state'));
    mkdirSync(host);
    buildSync({
      entryPoints: [join(root, 'toolchain/language-host/main.ts')],
      outfile: join(host, 'language-host.cjs'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
    });
    this.write('host/pulumi-language-nodejs', '#!/bin/sh\nexec node "$(dirname "$0")/language-host.cjs" "$@"\n', 0o755);
    const nodeargs = `--import tsx --import ${join(root, 'toolchain/readable-errors.mjs')}`;
    this.write(
      'Pulumi.yaml',
      `name: sample\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: ${nodeargs}\n`,
    );
    this.write('package.json', '{"type": "module", "dependencies": {"@pulumi/snowflake": "*"}}');
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    this.#environment = {
      ...process.env,
      PATH: [host, process.env['PATH']].join(delimiter),
      PULUMI_HOME: join(this.folder, 'home'),
      PULUMI_BACKEND_URL: `file://${join(this.folder, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'of this test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      // A test without network must not wait for a download.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    };
  }

  write(file: string, content: string, mode = 0o644): void {
    writeFileSync(join(this.folder, file), content, { mode });
  }

  /** Starts the engine without a terminal. */
  start(...args: readonly string[]): EngineRun {
    const engine = join(root, '.cache/bin/pulumi');
    let output = '';
    const waiting = new Set<() => void>();
    const child = spawn(engine, [...args, '--non-interactive'], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const finished = once(child, 'close').then(([code]: unknown[]) => ({ code: typeof code === 'number' ? code : 1, output }));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        for (const look of waiting) look();
      });
    }
    return {
      finished,
      kill: (signal) => void child.kill(signal),
      printed: (text) =>
        new Promise((seen) => {
          const look = (): void => {
            if (!output.includes(text)) return;
            waiting.delete(look);
            seen();
          };
          waiting.add(look);
          look();
        }),
    };
  }

  run(...args: readonly string[]): Promise<EngineResult> {
    return this.start(...args).finished;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
