/**
 * The aggregates that the reply decoder is inside of: arrays, sets, maps, pushes and attributes. Each
 * frame knows the one around it.
 */
import { ReplyType } from './reply-type.js';

/** One open aggregate. */
export interface Frame {
  readonly mark: number;
  readonly outer: Frame | null;
  /** Values still to come; a pair counts two. */
  remaining: number;
  /** What the caller gets. */
  readonly target: unknown;
  /** It is filled with pairs; `key` is one that waits for its value. */
  readonly isMap: boolean;
  /** Keys are text whatever the type mapping says. */
  readonly textKeys: boolean;
  /** It is a push, or within one. */
  readonly isPush: boolean;
  key: unknown;
}

/** Opens an aggregate of `count` elements inside of `outer`; without `target` the usual one. */
export function openFrame(
  mark: number,
  count: number,
  outer: Frame | null,
  target: unknown,
): Frame {
  const hasPairs = mark === ReplyType.Map || mark === ReplyType.Attribute;
  return {
    mark,
    outer,
    remaining: hasPairs ? count * 2 : count,
    target: target ?? (hasPairs ? Object.create(null) : []),
    isMap: hasPairs && !Array.isArray(target),
    // Of a class that extends Map keys are as the mapping says.
    textKeys: !(target instanceof Map) || target.constructor === Map,
    isPush: outer?.isPush ?? mark === ReplyType.Push,
    key: null,
  };
}

/** Whether the next value is the key of a map. */
export function wantsKey(frame: Frame): boolean {
  return frame.isMap && frame.remaining % 2 === 0;
}

/** Puts a value in; says whether that completes the aggregate. */
export function addToFrame(frame: Frame, value: unknown): boolean {
  const { target } = frame;
  const isKey = wantsKey(frame);
  frame.remaining--;
  if (isKey) frame.key = value;
  else if (target instanceof Map) target.set(frame.key, value);
  else if (frame.isMap) (target as Record<string, unknown>)[String(frame.key)] = value;
  else if (target instanceof Set) target.add(value);
  else (target as unknown[]).push(value);
  return frame.remaining === 0;
}
