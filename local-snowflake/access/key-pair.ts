import { createHash, createPublicKey, verify } from 'node:crypto';
import { SnowflakeError } from '../errors/snowflake-error.ts';

/** Base64 of the SHA-256 of a public key (base64 of its DER form), as DESC USER shows it behind `SHA256:`. */
export function publicKeyFingerprint(base64: string): string {
  return createHash('sha256')
    .update(Buffer.from(base64.replace(/\s/gu, ''), 'base64'))
    .digest('base64');
}

/** Who a key-pair token says it speaks for. */
export interface JwtClaims {
  /** `ACCOUNT.USER` */
  readonly subject: string;
  readonly user: string;
}

// The server's and the client's clocks may differ by this much.
const leewaySeconds = 60;

/**
 * Reads a key-pair JWT without trusting it. https://docs.snowflake.com/en/user-guide/key-pair-auth
 * @throws SnowflakeError `invalidJwt`
 */
export function readJwt(token: string): JwtClaims {
  const payload = decode(token).payload;
  const subject = payload['sub'];
  if (typeof subject !== 'string' || !subject.includes('.')) throw SnowflakeError.of('invalidJwt', { reason: 'no subject' });
  return { subject, user: subject.slice(subject.indexOf('.') + 1) };
}

/** A time claim. snowflake-sdk writes milliseconds where RFC 7519 has seconds, and Snowflake takes both. */
function inSeconds(claim: unknown): unknown {
  return typeof claim === 'number' && claim > 100_000_000_000 ? claim / 1000 : claim;
}

/**
 * Checks a key-pair JWT against one of the user's public keys and the present time (epoch milliseconds).
 * @throws SnowflakeError `invalidJwt`
 */
export function verifyJwt(token: string, publicKeys: readonly string[], now: number): void {
  const { header, payload, signed, signature } = decode(token);
  if (header['alg'] !== 'RS256') throw SnowflakeError.of('invalidJwt', { reason: 'algorithm' });
  const seconds = now / 1000;
  const expires = inSeconds(payload['exp']);
  const issuedAt = inSeconds(payload['iat']);
  if (typeof expires !== 'number' || expires + leewaySeconds < seconds)
    throw SnowflakeError.of('invalidJwt', { reason: 'expired' });
  if (typeof issuedAt === 'number' && issuedAt - leewaySeconds > seconds)
    throw SnowflakeError.of('invalidJwt', { reason: 'issued in the future' });
  const issuer = String(payload['iss']);
  for (const base64 of publicKeys) {
    if (!issuer.endsWith(`SHA256:${publicKeyFingerprint(base64)}`)) continue;
    const key = createPublicKey({ key: Buffer.from(base64.replace(/\s/gu, ''), 'base64'), format: 'der', type: 'spki' });
    if (verify('RSA-SHA256', Buffer.from(signed), key, signature)) return;
  }
  throw SnowflakeError.of('invalidJwt', { reason: 'signature' });
}

interface DecodedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

function decode(token: string): DecodedJwt {
  const [header, payload, signature] = token.split('.');
  try {
    if (header === undefined || payload === undefined || signature === undefined) throw new Error('three parts expected');
    const json = (part: string): Record<string, unknown> =>
      JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
    return {
      header: json(header),
      payload: json(payload),
      signed: `${header}.${payload}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    throw SnowflakeError.of('invalidJwt', { reason: 'malformed' });
  }
}
