import { createHash, timingSafeEqual } from 'node:crypto';

/** What is kept of a token that was given out. The token itself is random and long, so that a plain hash is enough. */
export function hashToken(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function tokenFits(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(secret)), Buffer.from(hash));
}
