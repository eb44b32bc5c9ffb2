import type * as pulumi from '@pulumi/pulumi';

/**
 * The way out of a component: changes what it gives to one of its children. An object replaces single arguments; a
 * function may change arguments and options of each child of that kind, which it knows by name.
 *
 * @example
 * { statementTimeoutInSeconds: 600 }
 * @example
 * (args, options, name) => { if (name.endsWith('train-model')) args.userTaskTimeoutMs = 7_200_000; options.protect = true; }
 */
export type Transform<Args extends object> =
  | Partial<Args>
  | ((args: Mutable<Args>, options: Mutable<pulumi.CustomResourceOptions>, name: string) => void);

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Arguments, options and name of a child, in the order of a resource's constructor. */
export function transformed<Args extends object>(
  transform: Transform<Args> | undefined,
  name: string,
  args: Args,
  options: pulumi.CustomResourceOptions,
): [name: string, args: Args, options: pulumi.CustomResourceOptions] {
  if (typeof transform !== 'function') return [name, { ...args, ...transform }, options];
  const [changedArgs, changedOptions] = [{ ...args }, { ...options }];
  transform(changedArgs, changedOptions, name);
  return [name, changedArgs, changedOptions];
}
