import { createServer } from 'node:net';

/**
 * An address of this machine for each instance, so that programs that listen on a fixed port can run side by side: the
 * whole of 127.0.0.0/8 is this machine on Linux. Elsewhere all instances share 127.0.0.1.
 */
export class InstanceAddresses {
  #next = 0;

  take(count: number): string[] {
    return Array.from({ length: count }, () => this.#one());
  }

  #one(): string {
    if (process.platform !== 'linux') return '127.0.0.1';
    const number = this.#next;
    this.#next = (this.#next + 1) % (64 * 256 * 250);
    // 127.64.0.1 and up: far from what the machine itself uses.
    return `127.${String(64 + Math.floor(number / (256 * 250)))}.${String(Math.floor(number / 250) % 256)}.${String((number % 250) + 1)}`;
  }
}

/** A port that nobody listens on at the address. */
export function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, address, () => {
      const found = server.address();
      server.close(() => {
        if (found !== null && typeof found === 'object') resolve(found.port);
        else reject(new Error(`no port at ${address}`));
      });
    });
  });
}
