import { credentials } from '@grpc/grpc-js';
import engineServices from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engine from '@pulumi/pulumi/proto/engine_pb.js';

/** Lines that the engine shows below a resource. */
export interface EngineLog {
  info(urn: string, message: string): void;
  warn(urn: string, message: string): void;
}

/** The engine's log at `address`. A line that cannot be delivered is lost: it is no reason to fail an update. */
export function connectEngineLog(address: string): EngineLog {
  const client = new engineServices.EngineClient(address, credentials.createInsecure());
  const send = (severity: engine.LogSeverity, urn: string, message: string): void => {
    const request = new engine.LogRequest().setSeverity(severity).setUrn(urn).setMessage(message);
    client.log(request, () => undefined);
  };
  return {
    info: (urn, message) => send(engine.LogSeverity.INFO, urn, message),
    warn: (urn, message) => send(engine.LogSeverity.WARNING, urn, message),
  };
}
