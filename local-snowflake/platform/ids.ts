import { randomBytes, randomUUID } from 'node:crypto';

/** The only source of randomness. Tests hand in a seeded one. */
export interface IdSource {
  /** RFC 4122 version 4 text. */
  uuid(): string;
  /** `length` random bytes, fit for secrets and tokens. */
  bytes(length: number): Buffer;
}

export const systemIds: IdSource = {
  uuid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
};
