import type language from '@pulumi/pulumi/proto/language_pb.js';

/** The part of Pulumi.yaml's `runtime.options` that this host honours. */
export type RuntimeOptions = {
  /** Arguments for node itself, before the program. */
  nodeArguments: string[];
  /** Whether @pulumi/pulumi loads TypeScript through ts-node, as it does unless told not to. */
  typescript: boolean;
};

const known = new Set(['nodeargs', 'typescript', 'packagemanager']);

/** Reads the options of a program, and refuses the ones it would otherwise ignore. */
export function runtimeOptions(info: language.ProgramInfo | undefined): RuntimeOptions {
  const given = info?.getOptions()?.toJavaScript() ?? {};
  for (const name of Object.keys(given)) {
    if (!known.has(name)) {
      throw new Error(
        `Pulumi.yaml: runtime option "${name}" is not supported by this language host (it knows ${[...known].join(', ')})`,
      );
    }
  }
  const { nodeargs = '', typescript = true } = given;
  if (typeof nodeargs !== 'string') throw new TypeError('Pulumi.yaml: runtime option "nodeargs" must be a string');
  if (typeof typescript !== 'boolean') throw new TypeError('Pulumi.yaml: runtime option "typescript" must be true or false');
  return { nodeArguments: shellWords(nodeargs), typescript };
}

/** Splits at blanks; single or double quotes keep blanks together. */
export function shellWords(text: string): string[] {
  const words = text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/gu);
  return Array.from(words, ([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/gu, '$1$2'));
}
