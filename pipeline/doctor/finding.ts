/** ok: as it should be. warning: worth knowing. problem: it keeps the graph, or a part of it, from running. */
export type Level = 'ok' | 'warning' | 'problem';

export interface Finding {
  readonly level: Level;
  readonly text: string;
  readonly wayOut?: string;
}

export const ok = (text: string): Finding => ({ level: 'ok', text });
export const warning = (text: string, wayOut?: string): Finding => ({
  level: 'warning',
  text,
  ...(wayOut === undefined ? {} : { wayOut }),
});
export const problem = (text: string, wayOut: string): Finding => ({ level: 'problem', text, wayOut });
