import { connect } from 'node:net';
import { PipelineFailure } from '../failure.ts';

/**
 * Asks whether anything listens there, before the driver does: it would go on trying for minutes.
 * Meant for this machine, where an answer comes at once.
 */
export const assertListening = async (host: string, port: number): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(5000);
    const refuse = (reason: string): void => {
      socket.destroy();
      reject(
        new PipelineFailure(`Nothing answers at ${host}:${port} (${reason}).`, {
          wayOut: 'Is the local Snowflake running? Start it: npx local-snowflake start.',
        }),
      );
    };
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => refuse('no answer in 5 seconds'));
    socket.once('error', (error: NodeJS.ErrnoException) => refuse(error.code ?? error.message));
  });
};
