import { SystemClock } from '../../../../local-snowflake/platform/clock.ts';
import { systemIds } from '../../../../local-snowflake/platform/ids.ts';
import { silentLogger } from '../../../../local-snowflake/platform/logger.ts';
import { findPython } from '../../../../local-snowflake/runtime/python-environment.ts';
import { WorkerHost, type WorkerHostOptions } from '../../../../local-snowflake/runtime/worker-host.ts';

/** The project's own Python environment. */
export const testPython = findPython(process.env['LOCAL_SNOWFLAKE_PYTHON']);

export function testHost(options: Partial<WorkerHostOptions> = {}): WorkerHost {
  return new WorkerHost({ python: testPython, clock: new SystemClock(), ids: systemIds, logger: silentLogger, ...options });
}
