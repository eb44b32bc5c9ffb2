import * as pulumi from '@pulumi/pulumi';

export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Takes the engine's place: keeps what a component registers, and gives inputs back as outputs. */
export class RecordedResources {
  readonly all: RecordedResource[] = [];

  async install(): Promise<void> {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          const plain = inputs as Record<string, unknown>;
          this.all.push({ type, name, inputs: plain });
          const computed = {
            ...(type.endsWith(':GraphHold') && { rootStarted: false, generation: 1 }),
            ...(type.endsWith(':KeyPair') && { privateKey: 'PRIVATE', publicKey: 'PUBLIC' }),
          };
          const fullyQualifiedName = `"${String(plain['name'])}"`;
          return { id: `${name}-id`, state: { fullyQualifiedName, ...plain, ...computed } };
        },
        call: () => ({}),
      },
      'project',
      'test',
    );
  }

  /** The resources registered so far by `work`, once all of them are. */
  async of(work: () => unknown): Promise<readonly RecordedResource[]> {
    const before = this.all.length;
    work();
    await pulumi.runtime.disconnect();
    return this.all.slice(before);
  }
}

export function named(resources: readonly RecordedResource[], name: string): RecordedResource {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no resource ${name} among ${resources.map((each) => each.name).join(', ')}`);
  return found;
}
