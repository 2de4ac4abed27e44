/**
 * The aggregates that the reply decoder is inside of: arrays, sets, maps, pushes and attributes,
 * innermost last. Frames are used again; targets are what the caller gets.
 */
import { ReplyType } from './reply-type.js';

/** One open aggregate. */
interface Frame {
  mark: number;
  /** Values still to come; a pair counts two. */
  remaining: number;
  target: unknown;
  /** A key that waits for its value; only where `isMap`. */
  key: unknown;
  isMap: boolean;
}

export class FrameStack {
  depth = 0;
  readonly #frames: Frame[] = [];

  /** Whether the next value is the key of a map: text there stays text. */
  get readsKey(): boolean {
    if (this.depth === 0) return false;
    const frame = this.#frames[this.depth - 1] as Frame;
    return frame.isMap && frame.remaining % 2 === 0;
  }

  push(mark: number, count: number, types: Readonly<Record<number, unknown>> | undefined): void {
    const frame = this.#free();
    const pairs = mark === ReplyType.Map || mark === ReplyType.Attribute;
    const type = types?.[mark];
    frame.mark = mark;
    frame.remaining = pairs ? count * 2 : count;
    frame.isMap = pairs && type !== Array;
    frame.key = undefined;
    frame.target = makeTarget(mark, frame.isMap, type);
    this.depth++;
  }

  /** Closes the innermost aggregate and gives it away. */
  pop(): { mark: number; target: unknown } {
    this.depth--;
    const frame = this.#frames[this.depth] as Frame;
    const { mark, target } = frame;
    frame.target = null;
    return { mark, target };
  }

  /** Puts a value into the innermost frame; says whether that completes it. */
  add(value: unknown): boolean {
    const frame = this.#frames[this.depth - 1] as Frame;
    frame.remaining--;
    if (frame.isMap) addToMap(frame, value);
    else if (frame.target instanceof Set) frame.target.add(value);
    else (frame.target as unknown[]).push(value);
    return frame.remaining === 0;
  }

  #free(): Frame {
    const unused = this.#frames[this.depth];
    if (unused !== undefined) return unused;
    const frame = { mark: 0, remaining: 0, target: null, key: undefined, isMap: false };
    this.#frames.push(frame);
    return frame;
  }
}

function makeTarget(mark: number, isMap: boolean, type: unknown): unknown {
  if (isMap) return type === Map ? new Map() : Object.create(null);
  return mark === ReplyType.Set && type === Set ? new Set() : [];
}

function addToMap(frame: Frame, value: unknown): void {
  if (frame.remaining % 2 === 1) frame.key = value;
  else if (frame.target instanceof Map) frame.target.set(frame.key, value);
  else (frame.target as Record<string, unknown>)[String(frame.key)] = value;
}
