/**
 * Inline: splits a line as typed by a person into arguments, as sdssplitargs of Redis
 * does: "double quotes" with \n \r \t \b \a \xHH and \" escapes, 'single quotes' with \'.
 * What comes out is never longer than what went in, so it is written over it.
 */

/** Receives each argument: its address and length. */
export type ArgumentSink = (address: usize, length: usize) => void;

const SPACE: u8 = 0x20;
const BACKSLASH: u8 = 0x5c;
const DOUBLE_QUOTE: u8 = 0x22;
const SINGLE_QUOTE: u8 = 0x27;

let at: usize = 0;
let lineEnd: usize = 0;
let written: usize = 0;

/** The number of arguments in the line, or -1 if quotes are unbalanced. */
export function splitArguments(from: usize, to: usize, sink: ArgumentSink): i32 {
  at = from;
  lineEnd = to;
  written = from;
  let count = 0;
  while (true) {
    while (at < lineEnd && isSpace(load<u8>(at))) at++;
    // As in Redis, which works on C strings, a NUL ends the line.
    if (at >= lineEnd || !load<u8>(at)) return count;
    const start = written;
    if (!takeArgument()) return -1;
    sink(start, written - start);
    count++;
  }
}

function isSpace(byte: u8): bool {
  return byte == SPACE || <u32>byte - 9 < 5;
}

function emit(byte: u8): void {
  store<u8>(written++, byte);
}

/** Takes one argument, which may change between quoted and plain. */
function takeArgument(): bool {
  while (at < lineEnd) {
    const byte = load<u8>(at);
    if (byte == 0 || isSpace(byte)) return true;
    at++;
    if (byte == DOUBLE_QUOTE) return takeQuoted(DOUBLE_QUOTE);
    if (byte == SINGLE_QUOTE) return takeQuoted(SINGLE_QUOTE);
    emit(byte);
  }
  return true;
}

/** Takes what follows an opening quote, up to the closing one, which must end the argument. */
function takeQuoted(quote: u8): bool {
  while (at < lineEnd) {
    const byte = load<u8>(at++);
    if (byte == quote) return at >= lineEnd || isSpace(load<u8>(at)) || !load<u8>(at);
    if (byte == 0) return false;
    if (byte == BACKSLASH && at < lineEnd) takeEscape(quote);
    else emit(byte);
  }
  return false;
}

function takeEscape(quote: u8): void {
  const byte = load<u8>(at);
  if (quote == SINGLE_QUOTE) {
    if (byte == SINGLE_QUOTE) at++;
    emit(byte == SINGLE_QUOTE ? byte : BACKSLASH);
    return;
  }
  if (byte == 0x78 && at + 2 < lineEnd) {
    const high = hexDigit(load<u8>(at + 1));
    const low = hexDigit(load<u8>(at + 2));
    if (high >= 0 && low >= 0) {
      at += 3;
      return emit(<u8>((high << 4) | low));
    }
  }
  at++;
  emit(unescaped(byte));
}

function unescaped(byte: u8): u8 {
  if (byte == 0x6e) return 0x0a;
  if (byte == 0x72) return 0x0d;
  if (byte == 0x74) return 0x09;
  if (byte == 0x62) return 0x08;
  if (byte == 0x61) return 0x07;
  return byte;
}

function hexDigit(byte: u8): i32 {
  const letter = (<i32>byte | 0x20) - 0x61;
  if (<u32>letter < 6) return letter + 10;
  const digit = <i32>byte - 0x30;
  return <u32>digit < 10 ? digit : -1;
}
