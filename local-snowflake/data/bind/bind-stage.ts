import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { FromItem } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import type { FromBinding } from './from-binding.ts';

export function bindStage(item: Extract<FromItem, { kind: 'stage' }>, bind: BindContext): FromBinding {
  void bind;
  throw SnowflakeError.of('unsupported', { feature: `query of ${item.location}` });
}
