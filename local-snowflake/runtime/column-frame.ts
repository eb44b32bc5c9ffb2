import type { PackedColumn, PackedValues, ValueForm } from '../sql/packed-column.ts';

/**
 * How columns stand in a frame's header: the lengths of their parts in the payload, one behind the other. The worker's side is
 * `columns.py`.
 */
interface ValuesHeader {
  readonly form: ValueForm;
  readonly bytes: number;
  /** 0 where there is a value in every row. */
  readonly valid: number;
}

type ColumnHeader =
  | ValuesHeader
  | { readonly form: 'record'; readonly fields: readonly (ValuesHeader & { readonly key: string })[] };

export function packColumns(columns: readonly PackedValues[]): {
  readonly headers: readonly ValuesHeader[];
  readonly payload: Buffer;
} {
  const parts: Uint8Array[] = [];
  const headers = columns.map(({ form, bytes, valid }): ValuesHeader => {
    parts.push(bytes);
    if (valid !== undefined) parts.push(valid);
    return { form, bytes: bytes.length, valid: valid?.length ?? 0 };
  });
  return { headers, payload: Buffer.concat(parts) };
}

export function unpackColumns(headers: unknown, payload: Uint8Array): PackedColumn[] {
  let offset = 0;
  const take = (length: number): Uint8Array => {
    const part = payload.subarray(offset, offset + length);
    offset += length;
    return part;
  };
  const values = ({ form, bytes, valid }: ValuesHeader): PackedValues => ({
    form,
    bytes: take(bytes),
    valid: valid === 0 ? undefined : take(valid),
  });
  return (headers as readonly ColumnHeader[]).map((header) =>
    header.form === 'record'
      ? { form: 'record', fields: header.fields.map((field) => ({ key: field.key, values: values(field) })) }
      : values(header),
  );
}
