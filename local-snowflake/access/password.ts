import { scryptSync, timingSafeEqual } from 'node:crypto';
import { systemIds } from '../platform/ids.ts';

const keyLength = 32;

/** Salted scrypt hash of a password: `scrypt$<salt>$<key>`, base64. */
export function hashPassword(password: string): string {
  const salt = systemIds.bytes(16);
  return `scrypt$${salt.toString('base64')}$${scryptSync(password, salt, keyLength).toString('base64')}`;
}

/** Whether a password fits a hash; takes the same time for every wrong one. */
export function passwordFits(password: string, hash: string): boolean {
  const [scheme, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) return false;
  return timingSafeEqual(scryptSync(password, Buffer.from(salt, 'base64'), keyLength), Buffer.from(key, 'base64'));
}
