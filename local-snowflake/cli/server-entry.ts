import { dataHome } from './data-home.ts';
import { runServerProcess, type ServerMessage } from './server-process.ts';

// The bundle's second entry: what `local-snowflake start` runs in a process of its own.
const [options = '{}'] = process.argv.slice(2);
const { data, memory, port, foreground } = JSON.parse(options) as {
  data?: string;
  memory?: boolean;
  port?: number;
  foreground?: boolean;
};

const home = dataHome({ ...(data !== undefined && { data }), memory: memory === true });
const tell = (message: ServerMessage): void => {
  process.send?.(message);
};
process.exitCode = await runServerProcess({ home, port, logTo: foreground === true ? 'stderr' : 'file', tell });
process.exit();
