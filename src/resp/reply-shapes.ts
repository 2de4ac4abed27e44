/**
 * What a type mapping makes of numbers, verbatim texts and aggregates. The bare client does without.
 */
import type { ReplyShapes } from './reply-decoder.js';
import { ReplyType } from './reply-type.js';

type VerbatimClass = new (format: string, text: string) => unknown;
type MapClass = new () => Map<unknown, unknown>;

export const REPLY_SHAPES: ReplyShapes = { scalar, aggregate };

/** Undefined: as without a mapping. */
function scalar(mark: number, text: string, type: unknown): unknown {
  if (mark === ReplyType.VerbatimString) {
    const isClass = typeof type === 'function' && type !== String && !('from' in type);
    return isClass ? new (type as VerbatimClass)(text.slice(0, 3), text.slice(4)) : undefined;
  }
  const isNumber =
    mark === ReplyType.Integer || mark === ReplyType.Double || mark === ReplyType.BigNumber;
  if (isNumber && type === String) return text;
  return mark === ReplyType.BigNumber && type === Number ? Number(text) : undefined;
}

function aggregate(mark: number, type: unknown): unknown {
  if (mark === ReplyType.Set) return type === Set ? new Set() : undefined;
  if (mark !== ReplyType.Map && mark !== ReplyType.Attribute) return undefined;
  if (type === Array) return [];
  const isMap = type === Map || Object.isPrototypeOf.call(Map, type as object);
  return isMap ? new (type as MapClass)() : undefined;
}
