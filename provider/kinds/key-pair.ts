import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';

import { textOf, unknownValue } from '../property-values.ts';
import type { Properties, ResourceKind } from '../resource-kind.ts';

/**
 * An RSA key pair for a user who logs in with it. It is made by `create` and lives in the stack's state, where Pulumi
 * encrypts the private half; Snowflake gets the public half through the user.
 * https://docs.snowflake.com/en/user-guide/key-pair-auth
 */
export const keyPair: ResourceKind = {
  type: 'snowflakeml:index:KeyPair',
  inputs: {
    /** Any text; a new one makes a new pair. */
    generation: { accepts: z.string().min(1).default('1'), replaces: true },
    bits: { accepts: z.union([z.literal(2048), z.literal(3072), z.literal(4096)]).default(2048), replaces: true },
  },
  computed: ['privateKey', 'publicKey', 'fingerprint'],
  id: (inputs) => `rsa-${Number(inputs['bits'])}-${textOf(inputs['generation'])}`,
  createStatements: () => [],
  updateStatements: () => [],
  create: (_session, inputs) => Promise.resolve({ ...inputs, ...generate(Number(inputs['bits'])) }),
  update: (_session, state) => Promise.resolve(state),
  planUpdate: (state) => state,
  read: (_session, id, state) => {
    if (state['privateKey'] === undefined || state['privateKey'] === unknownValue) {
      throw new Error(`The key pair ${id} cannot be imported: its private key exists in a state only.`);
    }
    return Promise.resolve(state);
  },
  delete: () => Promise.resolve(),
};

function generate(bits: number): Properties {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: bits,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    privateKey,
    // RSA_PUBLIC_KEY wants the body of the PEM on one line.
    publicKey: der.toString('base64'),
    fingerprint: `SHA256:${createHash('sha256').update(der).digest('base64')}`,
  };
}
