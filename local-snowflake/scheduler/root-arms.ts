import { parseCondition, streamsIn } from '../objects/task/condition.ts';
import { nextDue, parseSchedule } from '../objects/task/schedule.ts';
import type { Clock } from '../platform/clock.ts';
import type { DueQueue } from '../platform/due-queue.ts';
import type { IdSource } from '../platform/ids.ts';
import type { ScheduledFrom } from './graph-run.ts';
import { type GraphVersion, rootSpec } from './graph-version.ts';
import type { StreamProbe, TaskCatalog } from './ports.ts';
import type { Arm, RootState } from './root-state.ts';

/** A run that has not started yet. */
export interface UpcomingRun {
  readonly version: GraphVersion;
  readonly group: string;
  readonly at: number;
  readonly scheduledFrom: ScheduledFrom;
  readonly scheduledBy: string | null;
  readonly config: string | null;
}

export interface RootArmsParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly alarms: DueQueue<() => void>;
  readonly catalog: TaskCatalog;
  readonly streams: StreamProbe;
  readonly versionOf: (rootId: string) => GraphVersion | undefined;
  /** The root is due; whether it starts is for the overlap policy to say. */
  readonly start: (
    root: RootState,
    start: { readonly at: number; readonly group: string; readonly from: 'SCHEDULE' | 'TRIGGER' },
  ) => void;
}

/** https://docs.snowflake.com/en/user-guide/tasks-triggered: a triggered task is looked at this often though nothing changes. */
const healthCheck = 12 * 3_600_000;

type ScheduleArm = Extract<Arm, { kind: 'schedule' }>;
type TriggerArm = Extract<Arm, { kind: 'trigger' }>;

/** Starts roots by their schedules, and when data comes into the streams that they watch. */
export class RootArms {
  readonly #parts: RootArmsParts;

  constructor(parts: RootArmsParts) {
    this.#parts = parts;
  }

  /** `last`: scheduled time of the root's latest run of that kind, which must not come again. `fresh`: it was just resumed. */
  arm(root: RootState, version: GraphVersion, last: number, fresh: boolean): void {
    root.disarm();
    if (version.schedule !== null) this.#armSchedule(root, version.schedule, version.scheduleBase, last);
    else this.#armTrigger(root, version, last, fresh);
  }

  #armSchedule(root: RootState, text: string, base: number, last: number): void {
    const arm: ScheduleArm = {
      kind: 'schedule',
      schedule: parseSchedule(text),
      base,
      due: undefined,
      group: '',
      cancel: () => undefined,
    };
    root.arm = arm;
    this.#setDue(root, arm, Math.max(this.#parts.clock.now(), last));
  }

  #setDue(root: RootState, arm: ScheduleArm, after: number): void {
    const due = nextDue(arm.schedule, arm.base, after);
    arm.due = due;
    arm.group = this.#parts.ids.uuid();
    if (due === undefined) return;
    arm.cancel = this.#parts.alarms.add(due, () => {
      const { group } = arm;
      // Instants that went by unnoticed (the machine slept) are not made up for.
      this.#setDue(root, arm, this.#parts.clock.now());
      this.#parts.start(root, { at: due, group, from: 'SCHEDULE' });
    });
  }

  #armTrigger(root: RootState, version: GraphVersion, last: number, fresh: boolean): void {
    const { condition } = rootSpec(version);
    const streams = condition === null ? [] : streamsIn(parseCondition(condition));
    if (streams.length === 0) return;
    root.arm = { kind: 'trigger', streams, last, looking: false, cancel: () => undefined };
    // A task that was just resumed looks at once, and its run is skipped when there is nothing.
    if (fresh) this.#trigger(root, root.arm);
    else this.look(root);
  }

  /** Lets a triggered root start when one of its streams has data. */
  look(root: RootState): void {
    const { arm } = root;
    if (arm?.kind !== 'trigger' || arm.looking || root.active.size > 0) return;
    const version = this.#parts.versionOf(root.id);
    if (version === undefined) return;
    arm.looking = true;
    void this.#probe(root, arm, version);
  }

  async #probe(root: RootState, arm: TriggerArm, version: GraphVersion): Promise<void> {
    let found: boolean;
    try {
      found = (await Promise.all(arm.streams.map((stream) => this.#parts.streams.hasData(stream, version)))).includes(true);
    } catch {
      // The run itself fails with the cause; a stream that is gone must not go unnoticed.
      found = true;
    }
    if (root.arm !== arm) return;
    arm.looking = false;
    if (root.active.size > 0) return;
    arm.cancel();
    if (!found) this.#setHealthCheck(root, arm);
    else this.#startBehindInterval(root, arm);
  }

  #startBehindInterval(root: RootState, arm: TriggerArm): void {
    const from = arm.last === 0 ? 0 : arm.last + this.#minimumInterval(root);
    if (from <= this.#parts.clock.now()) {
      this.#trigger(root, arm);
      return;
    }
    arm.looking = true;
    arm.cancel = this.#parts.alarms.add(from, () => {
      arm.looking = false;
      this.#trigger(root, arm);
    });
  }

  #trigger(root: RootState, arm: TriggerArm): void {
    arm.last = this.#parts.clock.now();
    this.#setHealthCheck(root, arm);
    this.#parts.start(root, { at: arm.last, group: this.#parts.ids.uuid(), from: 'TRIGGER' });
  }

  #setHealthCheck(root: RootState, arm: TriggerArm): void {
    arm.cancel();
    const at = Math.max(arm.last, this.#parts.clock.now()) + healthCheck;
    arm.cancel = this.#parts.alarms.add(at, () => {
      this.#trigger(root, arm);
    });
  }

  /** Milliseconds between two starts. https://docs.snowflake.com/en/sql-reference/parameters#user-task-minimum-trigger-interval-in-seconds */
  #minimumInterval(root: RootState): number {
    const version = this.#parts.versionOf(root.id);
    const name = 'USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS';
    if (version === undefined) return healthCheck;
    const seconds = Number(rootSpec(version).parameters[name] ?? this.#parts.catalog.parameter(version.schemaId, name));
    return Math.min(seconds * 1000, healthCheck);
  }

  /** The run that is due next, when nothing stands in its way now. */
  *upcoming(root: RootState): Generator<UpcomingRun> {
    const { arm } = root;
    const version = this.#parts.versionOf(root.id);
    if (arm?.kind !== 'schedule' || arm.due === undefined || version === undefined) return;
    if (!root.mayStart(version.overlapPolicy)) return;
    yield { version, group: arm.group, at: arm.due, scheduledFrom: 'SCHEDULE', scheduledBy: null, config: version.config };
  }
}
