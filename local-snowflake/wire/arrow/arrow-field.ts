/** A column of an Arrow stream. https://arrow.apache.org/docs/format/Columnar.html */
export interface ArrowField {
  readonly name: string;
  readonly nullable: boolean;
  readonly type: ArrowType;
  readonly children: readonly ArrowField[];
  /** By which Snowflake's drivers know the type behind the Arrow type. */
  readonly metadata: Readonly<Record<string, string>>;
}

export type ArrowType =
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'double' | 'text' | 'binary' | 'boolean' | 'date' | 'struct' };

/** Values of one column, as a record batch carries them: a struct's own, then those of its children. */
export interface ArrowVector {
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[];
  readonly buffers: readonly Uint8Array[];
}
