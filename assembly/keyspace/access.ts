/**
 * Access: the 24-bit clock of an entry, by which eviction will choose. What it means
 * depends on the policy, as in Redis (evict.c):
 *
 *   LRU   bit 23..0   seconds of the last use
 *   LFU   bit 23..8   minutes of the last decay, 7..0  logarithmic counter
 *
 * The counter grows with the probability 1 / (excess * logFactor + 1) and loses one for
 * each `decayMinutes` that pass. https://redis.io/docs/latest/develop/reference/eviction/
 */
import { next } from '../memory/random';

const CLOCK_MASK: u32 = 0xffffff;
const COUNTER_INITIAL: u32 = 5;
const COUNTER_MAX: u32 = 255;
const MINUTES_MASK: u32 = 0xffff;

let seconds: u32 = 0;
let minutes: u32 = 0;
let frequency: bool = false;
let logFactor: f64 = 10;
let decayMinutes: u32 = 1;

export function setTime(unixMs: i64): void {
  const unixSeconds = unixMs / 1000;
  seconds = <u32>unixSeconds & CLOCK_MASK;
  minutes = <u32>(unixSeconds / 60) & MINUTES_MASK;
}

/** Whether clocks count how often (LFU) instead of telling when last (LRU). */
export function countFrequency(on: bool): void {
  frequency = on;
}

export function isFrequency(): bool {
  return frequency;
}

export function setLogFactor(factor: f64): void {
  logFactor = factor;
}

export function setDecayMinutes(interval: u32): void {
  decayMinutes = interval;
}

/** The clock of an entry that is new. */
export function initial(): u32 {
  return frequency ? (minutes << 8) | COUNTER_INITIAL : seconds;
}

/** The clock of an entry that is used now. */
export function used(clock: u32): u32 {
  return frequency ? (minutes << 8) | grown(frequencyOf(clock)) : seconds;
}

function grown(counter: u32): u32 {
  if (counter == COUNTER_MAX) return counter;
  const excess = max<i32>(0, <i32>(counter - COUNTER_INITIAL));
  const chance = 1 / (<f64>excess * logFactor + 1);
  return <f64>(next() >> 11) * (1.0 / 9007199254740992.0) < chance ? counter + 1 : counter;
}

/** The counter of a clock, less what it has lost since. */
export function frequencyOf(clock: u32): u32 {
  const counter = clock & 0xff;
  if (!decayMinutes) return counter;
  const lost = ((minutes - (clock >> 8)) & MINUTES_MASK) / decayMinutes;
  return counter > lost ? counter - lost : 0;
}

/** Whole seconds since the use that a clock tells of. */
export function idleSeconds(clock: u32): u32 {
  return (seconds - clock) & CLOCK_MASK;
}

/** The clock of an entry that was used so many seconds ago; `clock` if it counts uses. */
export function idleSince(clock: u32, idle: u64): u32 {
  if (frequency) return clock;
  return (seconds - <u32>min<u64>(idle, CLOCK_MASK)) & CLOCK_MASK;
}

/** The clock of an entry with this counter of uses; `clock` if it tells a time. */
export function usedOften(clock: u32, counter: u32): u32 {
  return frequency ? (minutes << 8) | counter : clock;
}
