import type { OutboxEntry } from '../../session/service.ts';
import { askServer } from '../admin-client.ts';
import type { HomeOptions } from '../data-home.ts';
import { oneLine, report, table, timeText } from '../report.ts';
import { runningServer } from '../running-server.ts';

/** The e-mails and webhook calls that the server has sent or kept, oldest first. */
export async function outbox(options: HomeOptions & { readonly json?: boolean }): Promise<void> {
  const entries = (await askServer(runningServer(options), 'GET', 'outbox')) as readonly OutboxEntry[];
  report(options.json, entries, () => (entries.length === 0 ? ['The outbox is empty.'] : table(entries.map(line))));
}

function line(entry: OutboxEntry): string[] {
  const subject = entry.subject === null ? '' : `${entry.subject}: `;
  return [
    timeText(entry.at),
    entry.kind,
    entry.delivery,
    entry.integration,
    entry.recipients.join(', '),
    oneLine(`${subject}${entry.body}`),
  ];
}
