import type { Outbox } from '../notifications/outbox.ts';
import { queueTopic } from '../objects/queue-integration.ts';
import type { GraphRun, TaskRun } from '../scheduler/graph-run.ts';
import type { TaskNotifications } from '../scheduler/ports.ts';
import { graphSucceededMessage, type NotificationFacts, taskFailedMessage } from '../scheduler/task-notification.ts';
import type { Account } from './account.ts';

/** Messages of task graphs to the queues that their roots name. There is no cloud to deliver them to: they are kept in the outbox. */
export class TaskNotices implements TaskNotifications {
  readonly #account: () => Account;
  readonly #outbox: () => Outbox;

  constructor(account: () => Account, outbox: () => Outbox) {
    this.#account = account;
    this.#outbox = outbox;
  }

  taskFailed(run: TaskRun): void {
    this.#send(run.graph.version.errorIntegration, (facts) => taskFailedMessage(run, facts));
  }

  graphSucceeded(run: GraphRun): void {
    this.#send(run.version.successIntegration, (facts) => graphSucceededMessage(run, facts));
  }

  #send(name: string | null, message: (facts: NotificationFacts) => string): void {
    if (name === null) return;
    const { catalog, clock, ids, facts, logger } = this.#account();
    const integration = catalog.find('NOTIFICATION INTEGRATION', null, name);
    if (integration === undefined || integration.properties['ENABLED'] !== true) {
      logger.warn({ integration: name }, 'a notification of a task graph has nowhere to go');
      return;
    }
    const id = ids.uuid();
    const at = clock.now();
    this.#outbox()
      .add({
        collection: 'notification',
        id,
        at,
        kind: 'queue',
        integration: integration.name,
        recipients: [queueTopic(integration)],
        subject: null,
        contentType: 'application/json',
        body: message({ messageId: id, timestamp: at, accountName: facts.account }),
        delivery: 'kept',
        detail: null,
      })
      .catch((error: unknown) => {
        logger.error({ integration: name, error }, 'a notification of a task graph could not be kept');
      });
  }
}
