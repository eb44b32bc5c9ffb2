import { z } from 'zod';
import { SnowflakeError } from '../../errors/snowflake-error.ts';

// https://nbformat.readthedocs.io/en/latest/format_description.html
const notebook = z.looseObject({
  nbformat: z.literal(4),
  cells: z.array(
    z.looseObject({
      cell_type: z.enum(['code', 'markdown', 'raw']),
      source: z.union([z.string(), z.array(z.string())]),
      metadata: z.looseObject({}).optional(),
    }),
  ),
});

/** @throws SnowflakeError `invalidNotebook` saying what is wrong with the file */
export function checkNotebook(file: string, text: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw SnowflakeError.of('invalidNotebook', { file, reason: error instanceof Error ? error.message : String(error) });
  }
  const parsed = notebook.safeParse(json);
  if (parsed.success) return;
  const reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw SnowflakeError.of('invalidNotebook', { file, reason });
}

/** What a notebook made without a file has in it. */
export const templateNotebook = `${JSON.stringify(
  {
    metadata: { kernelspec: { display_name: 'Streamlit Notebook', name: 'streamlit' } },
    nbformat: 4,
    nbformat_minor: 5,
    cells: [
      {
        cell_type: 'code',
        id: 'cell1',
        metadata: { language: 'python', name: 'cell1' },
        source: ['from snowflake.snowpark.context import get_active_session\n', 'session = get_active_session()'],
        execution_count: null,
        outputs: [],
      },
      {
        cell_type: 'code',
        id: 'cell2',
        metadata: { language: 'sql', name: 'cell2' },
        source: ["SELECT 'FRIDAY' AS SNOWDAY, 0.2 AS CHANCE_OF_SNOW"],
        execution_count: null,
        outputs: [],
      },
    ],
  },
  undefined,
  1,
)}\n`;
