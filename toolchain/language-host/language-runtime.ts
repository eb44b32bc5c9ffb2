import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { ILanguageRuntimeServer } from '@pulumi/pulumi/proto/language_grpc_pb.js';
import language from '@pulumi/pulumi/proto/language_pb.js';
import plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import { version } from '@pulumi/pulumi/version.js';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb.js';

import type { ChildProcesses } from './child-processes.ts';
import { installDependencies } from './install-dependencies.ts';
import { installedPackages, programDependencies } from './installed-packages.ts';
import { runProgram } from './run-program.ts';

export type LanguageHost = {
  /** `host:port` of the engine, for the program's log messages. */
  engineAddress: string;
  children: ChildProcesses;
};

/** What of the service previews, updates, refreshes, imports, `pulumi install` and `pulumi about` call. */
type Served = Pick<
  ILanguageRuntimeServer,
  | 'handshake'
  | 'getPluginInfo'
  | 'getRequiredPlugins'
  | 'getRequiredPackages'
  | 'run'
  | 'installDependencies'
  | 'runtimeOptionsPrompts'
  | 'about'
  | 'getProgramDependencies'
  | 'cancel'
>;

/**
 * The engine's LanguageRuntime service. Code generation, packaging and plugins that are given as source folders are left
 * out: the engine gets `UNIMPLEMENTED` for them, and the official Pulumi CLI has them.
 */
export function languageRuntime(host: LanguageHost): UntypedServiceImplementation {
  const served: Served = {
    handshake: unary(() => new language.LanguageHandshakeResponse()),

    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),

    getRequiredPlugins: unary((request) =>
      new language.GetRequiredPluginsResponse().setPluginsList(requiredPlugins(programDirectory(request))),
    ),

    getRequiredPackages: unary((request) =>
      new language.GetRequiredPackagesResponse().setPackagesList(
        requiredPlugins(programDirectory(request)).map((required) =>
          new plugin.PackageDependency()
            .setName(required.getName())
            .setKind(required.getKind())
            .setVersion(required.getVersion())
            .setServer(required.getServer()),
        ),
      ),
    ),

    run: (call, callback) => {
      const run = runProgram(call.request, host);
      call.once('cancelled', run.stop);
      answer(callback, run.response);
    },

    installDependencies: streaming((call) => installDependencies(call, host.children)),

    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),

    about: unary(() => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.versions.node)),

    getProgramDependencies: unary((request) =>
      new language.GetProgramDependenciesResponse().setDependenciesList(
        programDependencies(programDirectory(request), { transitive: request.getTransitivedependencies() }).map(
          ({ name, version: installed }) => new language.DependencyInfo().setName(name).setVersion(installed),
        ),
      ),
    ),

    cancel: unary(() => {
      host.children.stopAll();
      return new Empty();
    }),
  };
  return served;
}

function programDirectory(request: { getInfo(): language.ProgramInfo | undefined }): string {
  return request.getInfo()?.getProgramDirectory() || process.cwd();
}

function requiredPlugins(directory: string): plugin.PluginDependency[] {
  return installedPackages(directory)
    .flatMap(({ resourcePlugin }) => resourcePlugin ?? [])
    .map(({ name, version: wanted, server }) =>
      new plugin.PluginDependency().setName(name).setKind('resource').setVersion(wanted).setServer(server),
    );
}

/** A handler from a function: its result is the answer, what it throws is the error. */
function unary<Request, Response>(handle: (request: Request) => Response | Promise<Response>): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    answer(
      callback,
      new Promise((resolve) => {
        resolve(handle(call.request));
      }),
    );
  };
}

function answer<Response>(
  callback: (error: Partial<ServiceError> | null, response?: Response) => void,
  response: Promise<Response>,
): void {
  response.then(
    (value) => callback(null, value),
    (cause: unknown) => callback({ code: status.UNKNOWN, details: message(cause) }),
  );
}

function streaming<Request, Response>(
  handle: (call: Parameters<handleServerStreamingCall<Request, Response>>[0]) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    handle(call).then(
      () => call.end(),
      (cause: unknown) => call.emit('error', { code: status.UNKNOWN, details: message(cause) }),
    );
  };
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
