/**
 * Arguments: the running command's arguments, and the questions that commands ask of
 * them. A question that fails has written its error reply: the command just returns.
 */
import { isKeyword } from '../memory/bytes';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import { NOT_AN_INTEGER } from '../protocol/errors';
import * as reply from '../protocol/reply';

let vector: usize = 0;
/** How many arguments the command has, its name included. */
export let count: u32 = 0;
/** The integer that the last successful question found. */
export let integer: i64 = 0;

/** The arguments from here on are those of the command that runs now. */
export function open(address: usize, argumentCount: u32): void {
  vector = address;
  count = argumentCount;
}

/** Where the vector is: { u32 address, u32 length } for each argument. */
export function place(): usize {
  return vector;
}

/** Where argument `index` is; 0 is the command's name. */
export function address(index: u32): usize {
  return <usize>load<u32>(vector + ((<usize>index) << 3));
}

/** How many bytes argument `index` has. */
export function length(index: u32): usize {
  return <usize>load<u32>(vector + ((<usize>index) << 3), 4);
}

/** Puts argument `from` in the place of argument `to`, which is not needed any more. */
export function keep(to: u32, from: u32): void {
  store<u64>(vector + ((<usize>to) << 3), load<u64>(vector + ((<usize>from) << 3)));
}

/** Puts other bytes in the place of argument `index`; they have to stay where they are. */
export function set(index: u32, bytes: usize, size: usize): void {
  const place = vector + ((<usize>index) << 3);
  store<u32>(place, <u32>bytes);
  store<u32>(place, <u32>size, 4);
}

/** True if argument `index` is this word, in any case. */
export function is(index: u32, keyword: string): bool {
  return isKeyword(address(index), length(index), keyword);
}

/** Reads argument `index` into `integer`, or replies that it is none. */
export function isInteger(index: u32): bool {
  return isIntegerOr(index, NOT_AN_INTEGER);
}

/** As `isInteger`, with an error text of the command's own. */
export function isIntegerOr(index: u32, error: string): bool {
  if (!parseInteger(address(index), length(index))) {
    reply.error(error);
    return false;
  }
  integer = parsedInteger;
  return true;
}

/** Hands on an integer that was read in another way. */
export function setInteger(value: i64): void {
  integer = value;
}
