import type { HistoryEntry } from '../../session/service.ts';
import { askServer } from '../admin-client.ts';
import type { HomeOptions } from '../data-home.ts';
import { oneLine, report, table, timeText } from '../report.ts';
import { runningServer } from '../running-server.ts';

/** The newest statements that the server has served, oldest first. */
export async function history(options: HomeOptions & { readonly json?: boolean; readonly limit: number }): Promise<void> {
  const record = runningServer(options);
  const entries = (await askServer(record, 'GET', `history?limit=${String(options.limit)}`)) as readonly HistoryEntry[];
  report(options.json, entries, () => table(entries.map(line)));
}

function line(entry: HistoryEntry): string[] {
  const duration = entry.endedAt === null ? '' : `${String(entry.endedAt - entry.startedAt)} ms`;
  const failure = entry.errorMessage === null ? '' : `  -- ${oneLine(entry.errorMessage, 60)}`;
  return [timeText(entry.startedAt), duration.padStart(9), entry.state, entry.user, `${oneLine(entry.text)}${failure}`];
}
