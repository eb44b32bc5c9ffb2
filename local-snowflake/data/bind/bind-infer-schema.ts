import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { FromItem } from '../syntax/tree.ts';
import type { ExpressionContext } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';

export function bindInferSchema(item: Extract<FromItem, { kind: 'function' }>, context: ExpressionContext): FromBinding {
  void [item, context];
  throw SnowflakeError.of('unsupported', { feature: 'INFER_SCHEMA' });
}
