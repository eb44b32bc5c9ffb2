import { Builder } from 'flatbuffers';
import type { ArrowField, ArrowType, ArrowVector } from './arrow-field.ts';

// Tables and their slots: https://github.com/apache/arrow/tree/main/format (Message.fbs, Schema.fbs)
const version5 = 4;
const headers = { schema: 1, recordBatch: 3 } as const;
const typeIds = { int: 2, double: 3, binary: 4, text: 5, boolean: 6, decimal: 7, date: 8, struct: 13 } as const;
const doublePrecision = 2;
const dateUnits = { day: 0, millisecond: 1 } as const;

const continuation = 0xff_ff_ff_ff;
const alignment = 8;

/** What ends a stream. */
export const endOfStream = prefixed(new Uint8Array(0));

export function schemaMessage(fields: readonly ArrowField[]): Uint8Array {
  const builder = new Builder(1024);
  const vector = offsets(
    builder,
    fields.map((field) => fieldTable(builder, field)),
  );
  builder.startObject(4);
  builder.addFieldOffset(1, vector, 0);
  return message(builder, headers.schema, builder.endObject(), 0);
}

/** The message and, behind it, the buffers. */
export function recordBatchMessage(rows: number, vectors: readonly ArrowVector[]): Uint8Array[] {
  const builder = new Builder(1024);
  const nodes = vectors.flatMap((vector) => vector.nodes);
  const buffers = vectors.flatMap((vector) => vector.buffers);
  let bodyLength = 0;
  const bufferVector = pairs(
    builder,
    buffers.map((buffer) => {
      const start = bodyLength;
      bodyLength += padded(buffer.length);
      return [start, buffer.length];
    }),
  );
  const nodeVector = pairs(
    builder,
    nodes.map((node) => [node.length, node.nulls]),
  );
  builder.startObject(4);
  builder.addFieldInt64(0, BigInt(rows), 0n);
  builder.addFieldOffset(1, nodeVector, 0);
  builder.addFieldOffset(2, bufferVector, 0);
  const head = message(builder, headers.recordBatch, builder.endObject(), bodyLength);
  return [head, ...buffers.flatMap((buffer) => [buffer, new Uint8Array(padded(buffer.length) - buffer.length)])];
}

function padded(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

function message(builder: Builder, headerType: number, header: number, bodyLength: number): Uint8Array {
  builder.startObject(5);
  builder.addFieldInt16(0, version5, 0);
  builder.addFieldInt8(1, headerType, 0);
  builder.addFieldOffset(2, header, 0);
  builder.addFieldInt64(3, BigInt(bodyLength), 0n);
  builder.finish(builder.endObject());
  return prefixed(builder.asUint8Array());
}

/** A mark, the length, the metadata, filled up. */
function prefixed(metadata: Uint8Array): Uint8Array {
  const length = padded(metadata.length);
  const framed = new Uint8Array(8 + length);
  const view = new DataView(framed.buffer);
  view.setUint32(0, continuation, true);
  view.setInt32(4, length, true);
  framed.set(metadata, 8);
  return framed;
}

function fieldTable(builder: Builder, field: ArrowField): number {
  const children = offsets(
    builder,
    field.children.map((child) => fieldTable(builder, child)),
  );
  const metadata = offsets(
    builder,
    Object.entries(field.metadata).map(([key, value]) => keyValue(builder, key, value)),
  );
  const name = builder.createString(field.name);
  const type = typeTable(builder, field.type);
  builder.startObject(7);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt8(1, field.nullable ? 1 : 0, 0);
  builder.addFieldInt8(2, typeIds[field.type.kind], 0);
  builder.addFieldOffset(3, type, 0);
  builder.addFieldOffset(5, children, 0);
  builder.addFieldOffset(6, metadata, 0);
  return builder.endObject();
}

function typeTable(builder: Builder, type: ArrowType): number {
  builder.startObject(3);
  switch (type.kind) {
    case 'int':
      builder.addFieldInt32(0, type.bits, 0);
      builder.addFieldInt8(1, 1, 0);
      break;
    case 'double':
      builder.addFieldInt16(0, doublePrecision, 0);
      break;
    case 'decimal':
      builder.addFieldInt32(0, type.precision, 0);
      builder.addFieldInt32(1, type.scale, 0);
      break;
    case 'date':
      builder.addFieldInt16(0, dateUnits.day, dateUnits.millisecond);
      break;
    case 'text':
    case 'binary':
    case 'boolean':
    case 'struct':
      break;
  }
  return builder.endObject();
}

function keyValue(builder: Builder, key: string, value: string): number {
  const keyText = builder.createString(key);
  const valueText = builder.createString(value);
  builder.startObject(2);
  builder.addFieldOffset(0, keyText, 0);
  builder.addFieldOffset(1, valueText, 0);
  return builder.endObject();
}

function offsets(builder: Builder, tables: readonly number[]): number {
  builder.startVector(4, tables.length, 4);
  for (const table of tables.toReversed()) builder.addOffset(table);
  return builder.endVector();
}

/** A vector of structs of two 64-bit numbers; flatbuffers are written from their end. */
function pairs(builder: Builder, values: readonly (readonly [number, number])[]): number {
  builder.startVector(16, values.length, 8);
  for (const [first, second] of values.toReversed()) {
    builder.addInt64(BigInt(second));
    builder.addInt64(BigInt(first));
  }
  return builder.endVector();
}
