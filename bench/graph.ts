import { deployBench } from './graph-deploy.ts';
import { historyBench } from './graph-history.ts';
import { overheadBench } from './graph-overhead.ts';
import { schedulesBench } from './graph-schedules.ts';
import type { Figure } from './main.ts';

/** Task graphs: what the engine costs, schedules, deployment, and long histories. */
export async function graphBench(report: (figure: Figure) => void): Promise<void> {
  await overheadBench(report);
  await schedulesBench(report);
  await deployBench(report);
  await historyBench(report);
}
