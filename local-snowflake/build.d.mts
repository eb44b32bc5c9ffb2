/** Bundles the command and the server into `outdir`, the package's `dist` when left out. */
export function bundle(outdir?: string): Promise<void>;
