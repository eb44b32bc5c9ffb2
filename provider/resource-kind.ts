import type { ZodType } from 'zod';

import type { PropertyMap } from './property-values.ts';
import type { Session } from './snowflake/session.ts';

/** Inputs after `check`, and the state that is kept of a resource: its inputs as they stand plus what Snowflake added. */
export type Properties = PropertyMap;

/** What one input accepts, and what a change of it means. */
export interface InputRule {
  /** A missing value gets the schema's default. */
  readonly accepts: ZodType;
  /** Snowflake cannot change it in place. */
  readonly replaces?: true;
  /** Read by create and update, but a change alone is no change of the resource. */
  readonly ignored?: true;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Created {
  readonly id: string;
  readonly state: Properties;
}

/** Shows a line to the user, below the resource it is about. */
export type Report = (message: string) => void;

/** One kind of resource: what it accepts, and what it does to Snowflake. One file in `kinds/` each. */
export interface ResourceKind {
  /** `snowflakeml:index:ComputePool` */
  readonly type: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** Outputs that Snowflake decides; unknown in the preview of a new resource. */
  readonly computed?: readonly string[];
  /** Rules across inputs; called only with inputs that are all known. */
  readonly checkTogether?: (inputs: Properties) => readonly CheckFailure[];
  /** The id Snowflake knows the object by, from its inputs. */
  readonly id: (inputs: Properties) => string;
  /** The statements create will run. Shown in the preview; free of secrets. */
  readonly createStatements: (inputs: Properties) => readonly string[];
  /** The statements update will run. They may depend on what the server has now, which must not be changed. */
  readonly updateStatements: (
    state: Properties,
    inputs: Properties,
    session: Session,
  ) => readonly string[] | Promise<readonly string[]>;
  /** State after an update as far as it is known before it; the inputs where a kind does not say. */
  readonly planUpdate?: (state: Properties, inputs: Properties) => Properties;
  /** Names of state that differ from what is wanted on the server, found without a refresh. Must not change anything. */
  readonly liveDrift?: (session: Session, inputs: Properties) => Promise<readonly string[]>;
  readonly create: (session: Session, inputs: Properties, report: Report) => Promise<Properties>;
  readonly update: (session: Session, state: Properties, inputs: Properties, report: Report) => Promise<Properties>;
  /** Undefined when the object is gone. `state` is empty on import. */
  readonly read: (session: Session, id: string, state: Properties) => Promise<Properties | undefined>;
  readonly delete: (session: Session, id: string, state: Properties, report: Report) => Promise<void>;
}
