import * as pulumi from '@pulumi/pulumi';

export interface ProviderArgs {
  /** @example 'MYORG-MYACCOUNT' */
  readonly account: pulumi.Input<string>;
  /** @example 'PIPELINE_SERVICE' */
  readonly user: pulumi.Input<string>;
  readonly password?: pulumi.Input<string> | undefined;
  /** PKCS#8 PEM */
  readonly privateKey?: pulumi.Input<string> | undefined;
  readonly privateKeyPassphrase?: pulumi.Input<string> | undefined;
  /** @example 'ENGINEER' */
  readonly role?: pulumi.Input<string> | undefined;
  /** @example '127.0.0.1' */
  readonly host?: pulumi.Input<string> | undefined;
  /** @example 443 */
  readonly port?: pulumi.Input<number> | undefined;
  readonly protocol?: pulumi.Input<'http' | 'https'> | undefined;
  /** Prints the statements of each change in a preview. */
  readonly showStatements?: pulumi.Input<boolean> | undefined;
}

/** A login for the resources that Snowflake's own provider lacks: everything else in this folder. */
export class SnowflakeMlProvider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    const text = (value: pulumi.Input<number | boolean> | undefined) =>
      value === undefined ? undefined : pulumi.output(value).apply(String);
    const secret = (value: pulumi.Input<string> | undefined) => (value === undefined ? undefined : pulumi.secret(value));
    super(
      'snowflakeml',
      name,
      {
        ...args,
        password: secret(args.password),
        privateKey: secret(args.privateKey),
        privateKeyPassphrase: secret(args.privateKeyPassphrase),
        port: text(args.port),
        showStatements: text(args.showStatements),
      },
      options,
    );
  }
}
