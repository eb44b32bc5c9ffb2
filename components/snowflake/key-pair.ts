import * as pulumi from '@pulumi/pulumi';

export interface KeyPairArgs {
  /** Any text; a new one makes a new pair. @example '2026-11' */
  readonly generation?: pulumi.Input<string> | undefined;
  readonly bits?: pulumi.Input<2048 | 3072 | 4096> | undefined;
}

/** An RSA key pair for a user of Snowflake. The private half is a secret output and exists in the stack's state only. */
export class KeyPair extends pulumi.CustomResource {
  /** PKCS#8 PEM */
  declare readonly privateKey: pulumi.Output<string>;
  /** As RSA_PUBLIC_KEY takes it: base64 on one line. */
  declare readonly publicKey: pulumi.Output<string>;
  /** `SHA256:…`, as DESCRIBE USER shows it. */
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: KeyPairArgs = {}, options?: pulumi.CustomResourceOptions) {
    super(
      'snowflakeml:index:KeyPair',
      name,
      { ...args, privateKey: undefined, publicKey: undefined, fingerprint: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ['privateKey'] }, options ?? {}),
    );
  }
}
