import { createCipheriv, createDecipheriv } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IdSource } from './ids.ts';

/** Enciphers secrets with a key that only this account's data folder has (AES-256-GCM). */
export class Vault {
  readonly #key: Buffer;
  readonly #ids: IdSource;

  constructor(key: Buffer, ids: IdSource) {
    this.#key = key;
    this.#ids = ids;
  }

  /** The folder's key, made at first use and readable by its owner alone. */
  static inFolder(folder: string, ids: IdSource): Vault {
    const path = join(folder, 'vault.key');
    if (!existsSync(path)) writeFileSync(path, ids.bytes(32), { mode: 0o600, flag: 'wx' });
    return new Vault(readFileSync(path), ids);
  }

  encipher(secret: string): string {
    const iv = this.#ids.bytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return [iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64')).join('.');
  }

  /** @throws Error when the text was sealed with another key or changed */
  decipher(sealed: string): string {
    const [iv, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64'));
    if (iv === undefined || tag === undefined || text === undefined) throw new Error('not a sealed secret');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, iv);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  }
}
