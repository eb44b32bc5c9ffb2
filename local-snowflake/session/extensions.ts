import { notificationFunctions } from '../objects/notification-functions.ts';
import type { Extension } from '../objects/extensions.ts';
import { statementControlFunctions } from './statement-control-functions.ts';

/** What the parts of the local Snowflake add beyond the kinds of objects. A new part is one more line here. */
export const extensions: readonly Extension[] = [notificationFunctions, statementControlFunctions];
