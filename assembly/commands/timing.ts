/**
 * Timing: how long commands take. The core has no clock of its own: it asks the host for one,
 * and that costs more than a GET. So commands of steady price are not timed one by one:
 *
 *   TIMED commands      each on its own: they may take long, and then the host wants to know
 *   long requests       likewise, whatever they ask for
 *   all the others      now and then a window as a whole; its time is spread over its commands,
 *                       and each of these stands for the calls of its kind since the last time
 *
 * So the number of durations is the number of calls, but for a few at the end, which `settle`
 * adds. Durations are kept as a sum and as a histogram of BUCKETS counts (f64), four to each power
 * of two of nanoseconds:
 *
 *   bucket     0       1      2      3      4      5          95
 *            +-------+------+------+------+------+------+---+----------+
 *   ns       | < 128 | 128- | 160- | 192- | 224- | 256- |...| 1.6 s -  |
 *            +-------+------+------+------+------+------+---+----------+
 */
import { microsecondsNow } from '../memory/clock';
import * as request from '../protocol/request';
import { Request } from '../protocol/request';
import { TIMED } from './flags';
import * as registry from './registry';
import { COMMANDS_MAX, Command } from './registry';

const BUCKETS: u32 = 96;
const HISTOGRAM_SIZE: usize = (<usize>BUCKETS) << 3;
const OCTAVE_MIN: u32 = 7;
const HISTOGRAMS_SIZE: usize = 393216;
if (HISTOGRAM_SIZE * COMMANDS_MAX != HISTOGRAMS_SIZE) ERROR('every command has a histogram');
const histograms: usize = memory.data(393216, 16);

/** So many durations of a command are taken before any call goes untimed. */
const EXACT_CALLS: u64 = 64;
/** So many calls go untimed afterwards between two windows that are timed. */
const UNTIMED_MAX: u32 = 12;
/** A request with more bytes is timed on its own. */
const LONG_REQUEST: u32 = 16384;
/** Thresholds below this many microseconds are for every command. */
const FINE: f64 = 1000;

/** Commands with one of these flags are timed one by one. */
let timed: u32 = TIMED;
/** From so many microseconds on a command is slow. */
let slow: f64 = Infinity;
let keepsHistograms: bool = true;

/** Calls of commands that were not timed one by one, ever. */
let untimed: u32 = 0;
/** `untimed` when the last window that was timed ended, and when the present one began. */
let untimedBefore: u32 = 0;
let untimedAtStart: u32 = 0;
/** When the window began, or below zero if it is not timed. */
let windowStart: f64 = -1;
/** How much of the window's time was that of commands which were timed one by one. */
let apart: f64 = 0;
let started: f64 = 0;
/** When the last command that was timed on its own ended; below zero in a window without one. */
let lastEnd: f64 = -1;
/** `untimed` at that time: if it still is, the next command begins where that one ended. */
let untimedAtEnd: u32 = 0;
/** What the last command that was timed on its own took. */
export let microseconds: f64 = 0;

/** A command is slow from so many microseconds on; never if it is below zero. */
export function setSlow(threshold: f64): void {
  slow = threshold < 0 ? Infinity : threshold;
  timed = slow < FINE ? u32.MAX_VALUE : TIMED;
}

export function keepHistograms(on: bool): void {
  keepsHistograms = on;
}

// One by one

/** True if the command is to be timed on its own, between `start` and `stop`. */
export function isTimed(command: Command, slot: Request): bool {
  if (command.flags & timed || slot.end - slot.start > LONG_REQUEST) return true;
  untimed++;
  return false;
}

export function start(): void {
  started = lastEnd >= 0 && untimed == untimedAtEnd ? lastEnd : microsecondsNow();
}

/** Ends what `start` began; true if the command was slow. */
export function stop(command: Command): bool {
  lastEnd = microsecondsNow();
  untimedAtEnd = untimed;
  microseconds = max<f64>(0, lastEnd - started);
  apart += microseconds;
  addCall(command, microseconds);
  return microseconds >= slow;
}

/** Adds a duration of a call that was counted. */
export function addCall(command: Command, duration: f64): void {
  // Below it where a call was taken back (uncountCall).
  if (command.calls <= command.timedCalls) return;
  add(command, duration, command.calls - command.timedCalls);
}

// By windows

/** Begins a window of `count` commands, which are looked up. */
export function beginWindow(count: u32): void {
  windowStart = -1;
  lastEnd = -1;
  if (!count || (untimed - untimedBefore < UNTIMED_MAX && !isYoung(request.at(0)))) return;
  untimedAtStart = untimed;
  apart = 0;
  windowStart = microsecondsNow();
}

function isYoung(slot: Request): bool {
  const command = changetype<Command>(<usize>slot.command);
  return slot.command != 0 && !(command.flags & timed) && command.timedCalls < EXACT_CALLS;
}

/** Ends the window after `count` commands. */
export function endWindow(count: u32): void {
  if (windowStart < 0) return;
  const calls = untimed - untimedAtStart;
  const mean = calls ? max<f64>(0, microsecondsNow() - windowStart - apart) / <f64>calls : 0;
  windowStart = -1;
  untimedBefore = untimed;
  let last: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const command = request.at(index).command;
    if (command == last || !command) continue;
    last = command;
    addCall(changetype<Command>(<usize>command), mean);
  }
}

// What is kept

/** Address of the histogram of a command: BUCKETS counts, f64 each. */
export function histogramOf(command: Command): usize {
  return histograms + <usize>command.id * HISTOGRAM_SIZE;
}

function add(command: Command, duration: f64, calls: u64): void {
  command.timedCalls += calls;
  command.microseconds += duration * <f64>calls;
  if (!keepsHistograms) return;
  const place = histogramOf(command) + ((<usize>bucketOf(duration)) << 3);
  store<f64>(place, load<f64>(place) + <f64>calls);
}

function bucketOf(duration: f64): u32 {
  const nanoseconds = <u32>min<f64>(duration * 1000, 4e9);
  const octave: u32 = 31 - <u32>clz<u32>(nanoseconds | 1);
  if (octave < OCTAVE_MIN) return 0;
  const quarter = (nanoseconds >> (octave - 2)) & 3;
  return min(1 + ((octave - OCTAVE_MIN) << 2) + quarter, BUCKETS - 1);
}

/** Gives the calls that went untimed of late the mean duration of the others. */
export function settle(command: Command): void {
  const known = command.timedCalls;
  addCall(command, known ? command.microseconds / <f64>known : 0);
}

export function reset(): void {
  memory.fill(histograms, 0, HISTOGRAM_SIZE * registry.count);
  untimed = 0;
  untimedBefore = 0;
}
