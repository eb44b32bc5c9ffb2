import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { SnowflakeService } from '../session/service.ts';
import type { ChunkStore } from './chunk-store.ts';
import type { LongPoll } from './long-poll.ts';

/** What the routes share. */
export interface WireContext {
  readonly service: SnowflakeService;
  /** Real time even where the sessions run on a fake clock: it serves sockets. */
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly longPoll: LongPoll;
  readonly chunks: ChunkStore;
}
