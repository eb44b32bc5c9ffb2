import { checkInputs, type CheckedInputs } from './check-inputs.ts';
import { diffInputs, type PropertyChange } from './diff-inputs.ts';
import type { EngineLog } from './engine-log.ts';
import { type PropertyValue, unknownValue } from './property-values.ts';
import type { Properties, ResourceKind } from './resource-kind.ts';
import type { Session } from './snowflake/session.ts';

export interface Subject {
  readonly type: string;
  readonly urn: string;
  readonly preview: boolean;
}

export interface OperationsOptions {
  readonly kinds: readonly ResourceKind[];
  readonly session: Session;
  readonly log: EngineLog;
  /** Prints the statements of a change in the preview. */
  readonly showStatements: boolean;
}

/** What the engine asks of a provider, for every kind in the same way. */
export class ResourceOperations {
  readonly #kinds: ReadonlyMap<string, ResourceKind>;
  readonly #options: OperationsOptions;

  constructor(options: OperationsOptions) {
    this.#kinds = new Map(options.kinds.map((kind) => [kind.type, kind]));
    this.#options = options;
  }

  check(type: string, inputs: Properties): CheckedInputs {
    return checkInputs(this.#kind(type), inputs);
  }

  async diff(type: string, urn: string, state: Properties, inputs: Properties): Promise<readonly PropertyChange[]> {
    const kind = this.#kind(type);
    const changes = diffInputs(kind, state, inputs);
    if (changes.length > 0 || kind.liveDrift === undefined) return changes;
    const drifted = await kind.liveDrift(this.#options.session, inputs);
    if (drifted.length > 0) this.#options.log.warn(urn, `Found on the server: ${drifted.join('; ')}.`);
    return drifted.length > 0 ? [{ property: 'live', kind: 'update', replaces: false }] : [];
  }

  async create(subject: Subject, inputs: Properties): Promise<{ id: string; state: Properties }> {
    const kind = this.#kind(subject.type);
    if (subject.preview) {
      await this.#show(subject, () => kind.createStatements(inputs));
      const computed = (kind.computed ?? []).map((name): [string, PropertyValue] => [name, unknownValue]);
      return { id: '', state: { ...inputs, ...Object.fromEntries(computed) } };
    }
    const state = await kind.create(this.#options.session, inputs, this.#report(subject));
    return { id: kind.id(inputs), state };
  }

  async update(subject: Subject, state: Properties, inputs: Properties): Promise<Properties> {
    const kind = this.#kind(subject.type);
    if (subject.preview) {
      await this.#show(subject, () => kind.updateStatements(state, inputs, this.#options.session));
      return kind.planUpdate?.(state, inputs) ?? { ...computedOf(kind, state), ...inputs };
    }
    return kind.update(this.#options.session, state, inputs, this.#report(subject));
  }

  /** State and inputs of the object as Snowflake has it; undefined when it is gone. */
  async read(type: string, id: string, state: Properties): Promise<{ state: Properties; inputs: Properties } | undefined> {
    const kind = this.#kind(type);
    const found = await kind.read(this.#options.session, id, state);
    if (found === undefined) return undefined;
    const inputs = Object.fromEntries(Object.entries(found).filter(([name]) => kind.inputs[name] !== undefined));
    return { state: found, inputs };
  }

  async delete(subject: Subject, id: string, state: Properties): Promise<void> {
    await this.#kind(subject.type).delete(this.#options.session, id, state, this.#report(subject));
  }

  #kind(type: string): ResourceKind {
    const kind = this.#kinds.get(type);
    if (kind === undefined) {
      throw new Error(`There is no resource type ${type}; this provider has ${[...this.#kinds.keys()].join(', ')}.`);
    }
    return kind;
  }

  #report({ urn }: Subject): (message: string) => void {
    return (message) => this.#options.log.info(urn, message);
  }

  async #show({ urn }: Subject, statements: () => readonly string[] | Promise<readonly string[]>): Promise<void> {
    if (!this.#options.showStatements) return;
    const lines = (await statements()).filter((statement) => !statement.includes(unknownValue));
    if (lines.length > 0) this.#options.log.info(urn, lines.map((line) => `${line};`).join('\n'));
  }
}

function computedOf(kind: ResourceKind, state: Properties): Properties {
  return Object.fromEntries((kind.computed ?? []).flatMap((name) => (state[name] === undefined ? [] : [[name, state[name]]])));
}
