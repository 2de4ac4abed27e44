/** MEMORY USAGE: what a key takes. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('MEMORY USAGE answers nil without the key, and what is wrong with its options')`
  MEMORY USAGE missing -> nil
  SET a hello -> +OK
  MEMORY USAGE a SAMPLES -1 -> -ERR syntax error
  MEMORY USAGE a SAMPLES x -> -ERR value is not an integer or out of range
  MEMORY USAGE a SAMPLES -> -ERR syntax error
  MEMORY USAGE a FOO 1 -> -ERR syntax error
  MEMORY USAGE missing SAMPLES -1 -> -ERR syntax error
  MEMORY USAGE -> -ERR wrong number of arguments for 'memory|usage' command
`;

given('MEMORY USAGE counts a key with all that its value takes')`
  SET a hello -> +OK
  MEMORY USAGE a -> :8..128
  MEMORY USAGE a SAMPLES 0 -> :8..128
  SETRANGE long 99999 x -> :100000
  MEMORY USAGE long samples 5 SAMPLES 6 -> :100000..140000
`;
