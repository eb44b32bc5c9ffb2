// The Node.js language host of the Pulumi engine, for machines where the engine was built from source: the official one
// ships inside Pulumi's release archives and is not published as a Go module. The engine starts this program, reads the
// port from its first line of output, and calls the LanguageRuntime service to learn about and run the project's program.
// https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/#language-hosts
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Server, ServerCredentials } from '@grpc/grpc-js';
import { LanguageRuntimeService } from '@pulumi/pulumi/proto/language_grpc_pb.js';

import { ChildProcesses } from './child-processes.ts';
import { languageRuntime } from './language-runtime.ts';

/** A program's configuration and its dependency lists are small; the limit is the engine's own for all plugins. */
const maxMessageBytes = 400 * 1024 * 1024;

const { positionals } = parseArgs({
  // The engine passes its address, after logging flags (`-v=9`, `--logtostderr`, `--tracing <url>`) that mean nothing here.
  options: {
    tracing: { type: 'string' },
    logtostderr: { type: 'boolean' },
    v: { type: 'string', short: 'v' },
  },
  allowPositionals: true,
  strict: false,
});
const engineAddress = positionals.at(-1) ?? '';

const children = new ChildProcesses();
const server = new Server({
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': maxMessageBytes,
});
server.addService(LanguageRuntimeService, languageRuntime({ engineAddress, children }));

server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    process.stderr.write(`The language host cannot listen on 127.0.0.1: ${error.message}\n`);
    process.exit(1);
  }
  process.stdout.write(`${port}\n`);
});

const stop = (): void => {
  children.stopAll();
  server.forceShutdown();
  process.stdin.destroy();
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);

// The engine holds the other end of standard input. When it dies without a word, the pipe closes, and a program that goes
// on creating resources for nobody is stopped.
if (fstatSync(0).isFIFO()) {
  process.stdin.once('end', stop).resume();
}
