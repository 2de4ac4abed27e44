/**
 * The aggregates that the reply decoder is inside of: arrays, sets, maps, pushes and attributes. Each
 * frame knows the one around it.
 */
import { ReplyType } from './reply-type.js';

type MapClass = new () => Map<unknown, unknown>;

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

/** Opens an aggregate of `count` elements inside of `outer`; `type` comes from the type mapping. */
export function openFrame(mark: number, count: number, outer: Frame | null, type: unknown): Frame {
  const hasPairs = mark === ReplyType.Map || mark === ReplyType.Attribute;
  const isMap = hasPairs && type !== Array;
  // A class that extends Map inherits from it.
  const isOwnMap = Object.isPrototypeOf.call(Map, type as object);
  let target: unknown = [];
  if (isMap) target = isOwnMap || type === Map ? new (type as MapClass)() : Object.create(null);
  else if (mark === ReplyType.Set && type === Set) target = new Set();
  return {
    mark,
    outer,
    remaining: hasPairs ? count * 2 : count,
    target,
    isMap,
    textKeys: isMap && !isOwnMap,
    isPush: outer?.isPush ?? mark === ReplyType.Push,
    key: null,
  };
}

/** Whether the next value is the key of a map. */
export function wantsKey(frame: Frame | null): boolean {
  return frame?.isMap === true && frame.remaining % 2 === 0;
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
