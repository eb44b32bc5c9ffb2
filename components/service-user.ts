import { createPrivateKey, createPublicKey } from 'node:crypto';

import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import type { Login } from './providers.ts';
import { KeyPair } from './snowflake/key-pair.ts';
import { type Transform, transformed } from './transform.ts';

export interface ServiceUserArgs {
  /** @example 'PIPELINE_SERVICE' */
  readonly name: string;
  /** The role it works with. @example role.name */
  readonly role: pulumi.Input<string>;
  /** @example 'DEMO_WH' */
  readonly warehouse: pulumi.Input<string>;
  /** `DB.SCHEMA` it starts in. @example '"SNOWBANK"."PIPELINE"' */
  readonly namespace: pulumi.Input<string>;
  /** Its key, PKCS#8 PEM without a passphrase. Without one a pair is made and kept in the state, encrypted. */
  readonly privateKey?: string | undefined;
  /** Other users who get the role; nobody in production. @example ['ALICE'] */
  readonly people?: readonly string[];
  readonly transform?: { readonly user?: Transform<snowflake.ServiceUserArgs> };
}

/** A user that programs log in as, with a key pair and no password, and the only one with the role unless people are named. */
export class ServiceUser extends pulumi.ComponentResource {
  readonly user: snowflake.ServiceUser;
  readonly roleGrant: snowflake.GrantAccountRole;
  readonly name: pulumi.Output<string>;
  /** PKCS#8 PEM, secret. */
  readonly privateKey: pulumi.Output<string>;
  readonly #role: pulumi.Output<string>;

  constructor(name: string, args: ServiceUserArgs, options?: pulumi.ComponentResourceOptions) {
    const givenPublicKey = args.privateKey === undefined ? undefined : publicHalf(args.privateKey);
    super('snowflakeml:component:ServiceUser', name, {}, options);
    const pair = args.privateKey === undefined ? new KeyPair(`${name}-key-pair`, {}, { parent: this }) : undefined;
    this.privateKey = pulumi.secret(args.privateKey ?? pair?.privateKey ?? '');
    this.user = new snowflake.ServiceUser(
      ...transformed<snowflake.ServiceUserArgs>(
        args.transform?.user,
        `${name}-user`,
        {
          name: args.name,
          loginName: args.name,
          defaultRole: args.role,
          defaultWarehouse: args.warehouse,
          defaultNamespace: args.namespace,
          // No role but the one it was given, whatever else it may be granted.
          defaultSecondaryRolesOption: 'NONE',
          rsaPublicKey: givenPublicKey ?? pair?.publicKey ?? '',
        },
        { parent: this },
      ),
    );
    this.name = this.user.name;
    this.roleGrant = new snowflake.GrantAccountRole(
      `${name}-role-of-service`,
      { roleName: args.role, userName: this.user.name },
      { parent: this },
    );
    for (const person of new Set(args.people)) {
      new snowflake.GrantAccountRole(
        `${name}-role-of-${person.toLowerCase()}`,
        { roleName: args.role, userName: person },
        { parent: this },
      );
    }
    this.#role = pulumi.output(args.role);
    this.registerOutputs({ name: this.name });
  }

  /** A login as this user, which works once it has its role: until then its name is not known. */
  login(): Login {
    const user = pulumi.all([this.name, this.roleGrant.id]).apply(([name]) => name);
    return { user, privateKey: this.privateKey, role: this.#role };
  }
}

/** The public half as RSA_PUBLIC_KEY takes it. */
function publicHalf(privateKey: string): string {
  try {
    return createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    throw new pulumi.RunError(
      'servicePrivateKey is not a private key that can be used. Allowed: an unencrypted RSA key in PKCS#8 PEM. ' +
        'Example: openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt -out service.p8',
    );
  }
}
