import { Server, ServerCredentials } from '@grpc/grpc-js';
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js';

import { connectEngineLog } from './engine-log.ts';
import { computePool } from './kinds/compute-pool.ts';
import { graphActivation } from './kinds/graph-activation.ts';
import { graphHold } from './kinds/graph-hold.ts';
import { keyPair } from './kinds/key-pair.ts';
import { modelMonitor } from './kinds/model-monitor.ts';
import { modelService } from './kinds/model-service.ts';
import { notificationIntegration } from './kinds/notification-integration.ts';
import { stageObject } from './kinds/stage-object.ts';
import { ResourceOperations } from './resource-operations.ts';
import { resourceProviderService } from './resource-provider.ts';
import { DriverSession } from './snowflake/driver-session.ts';

const version = '0.1.0';
const kinds = [computePool, notificationIntegration, graphActivation, graphHold, keyPair, modelMonitor, modelService, stageObject];

const sessions: DriverSession[] = [];
const service = resourceProviderService({
  version,
  connectEngine: connectEngineLog,
  operations: (connection, log) => {
    const session = new DriverSession(connection);
    sessions.push(session);
    return new ResourceOperations({ kinds, session, log, showStatements: connection.showStatements === 'true' });
  },
  cancel: () => {
    for (const session of sessions) void session.close();
  },
});

const server = new Server({
  // Inputs of a large stack exceed gRPC's 4 MB.
  'grpc.max_receive_message_length': 400 * 1024 * 1024,
  'grpc.max_send_message_length': 400 * 1024 * 1024,
});
server.addService(services.ResourceProviderService, service);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    console.error(`The provider could not listen on 127.0.0.1: ${error.message}`);
    process.exit(1);
  }
  // The engine reads the port from the first line.
  console.log(port);
});
