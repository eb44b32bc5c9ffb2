import type { handleUnaryCall, sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import structMessages from 'google-protobuf/google/protobuf/struct_pb.js';
import plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import type { IResourceProviderServer } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';

import { checkConnection, type Connection, connectionDifferences } from './connection.ts';
import type { EngineLog } from './engine-log.ts';
import { type PropertyMap, withoutSecretMarks } from './property-values.ts';
import type { CheckFailure, Properties } from './resource-kind.ts';
import type { ResourceOperations } from './resource-operations.ts';

export interface ProviderOptions {
  readonly version: string;
  readonly connectEngine: (address: string) => EngineLog;
  readonly operations: (connection: Connection, log: EngineLog) => ResourceOperations;
  /** Ends what is under way; called when the engine is told to stop. */
  readonly cancel: () => void;
}

const { Empty } = emptyMessages;
const { Struct } = structMessages;
type StructMessage = structMessages.Struct;

/** Pulumi's resource provider protocol over our kinds: this file translates messages, `ResourceOperations` does the work. */
export function resourceProviderService(options: ProviderOptions): UntypedServiceImplementation & Partial<IResourceProviderServer> {
  let log: EngineLog | undefined;
  let operations: ResourceOperations | undefined;
  const configured = (): ResourceOperations => {
    if (operations === undefined) throw new Error('The provider was asked for a resource before it was configured.');
    return operations;
  };
  const connectEngine = (address: string): void => {
    log ??= options.connectEngine(address);
  };

  return {
    handshake: answer((request) => {
      connectEngine(request.getEngineAddress());
      return new messages.ProviderHandshakeResponse();
    }),
    attach: answer((request) => {
      connectEngine(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(options.version)),
    getSchema: answer(() =>
      new messages.GetSchemaResponse().setSchema(JSON.stringify({ name: 'snowflakeml', version: options.version })),
    ),
    cancel: answer(() => {
      options.cancel();
      return new Empty();
    }),
    checkConfig: answer((request) => {
      const news = plain(request.getNews());
      return new messages.CheckResponse().setInputs(struct(news)).setFailuresList(failures(checkConnection(news)));
    }),
    diffConfig: answer((request) => {
      const changed = connectionDifferences(plain(request.getOldInputs() ?? request.getOlds()), plain(request.getNews()));
      return diffResponse(changed.map((property) => ({ property, kind: 'update', replaces: false })));
    }),
    configure: answer((request) => {
      operations = options.operations(plain(request.getArgs()) as Connection, log ?? silentLog);
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    check: answer((request) => {
      const checked = configured().check(request.getType(), plain(request.getNews()));
      return new messages.CheckResponse().setInputs(struct(checked.inputs)).setFailuresList(failures(checked.failures));
    }),
    diff: answer(async (request) =>
      diffResponse(
        await configured().diff(request.getType(), request.getUrn(), plain(request.getOlds()), plain(request.getNews())),
      ),
    ),
    create: answer(async (request) => {
      const subject = { type: request.getType(), urn: request.getUrn(), preview: request.getPreview() };
      const { id, state } = await configured().create(subject, plain(request.getProperties()));
      return new messages.CreateResponse().setId(id).setProperties(struct(state));
    }),
    update: answer(async (request) => {
      const subject = { type: request.getType(), urn: request.getUrn(), preview: request.getPreview() };
      const state = await configured().update(subject, plain(request.getOlds()), plain(request.getNews()));
      return new messages.UpdateResponse().setProperties(struct(state));
    }),
    read: answer(async (request) => {
      const found = await configured().read(request.getType(), request.getId(), plain(request.getProperties()));
      if (found === undefined) return new messages.ReadResponse();
      return new messages.ReadResponse().setId(request.getId()).setProperties(struct(found.state)).setInputs(struct(found.inputs));
    }),
    delete: answer(async (request) => {
      const subject = { type: request.getType(), urn: request.getUrn(), preview: false };
      await configured().delete(subject, request.getId(), plain(request.getProperties()));
      return new Empty();
    }),
  };
}

const silentLog: EngineLog = { info: () => undefined, warn: () => undefined };

/** A handler from a function; what it throws becomes the error the engine shows. */
function answer<Request, Response>(
  respond: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    void Promise.resolve()
      .then(() => respond(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
      );
  };
}

function plain(value: StructMessage | undefined): Properties {
  return withoutSecretMarks(value?.toJavaScript() ?? {}) as PropertyMap;
}

function struct(value: Properties): StructMessage {
  return Struct.fromJavaScript(value);
}

function failures(list: readonly CheckFailure[]): messages.CheckFailure[] {
  return list.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason));
}

function diffResponse(changes: Awaited<ReturnType<ResourceOperations['diff']>>): messages.DiffResponse {
  const { PropertyDiff, DiffResponse } = messages;
  const response = new DiffResponse();
  response.setChanges(changes.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
  response.setHasdetaileddiff(true);
  const kinds = {
    add: [PropertyDiff.Kind.ADD, PropertyDiff.Kind.ADD_REPLACE],
    update: [PropertyDiff.Kind.UPDATE, PropertyDiff.Kind.UPDATE_REPLACE],
    delete: [PropertyDiff.Kind.DELETE, PropertyDiff.Kind.DELETE_REPLACE],
  } as const;
  for (const { property, kind, replaces } of changes) {
    response.getDetaileddiffMap().set(property, new PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]));
  }
  response.setDiffsList(changes.map(({ property }) => property));
  response.setReplacesList(changes.filter(({ replaces }) => replaces).map(({ property }) => property));
  // Two objects cannot bear one name at the same time.
  response.setDeletebeforereplace(true);
  return response;
}
