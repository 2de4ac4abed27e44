/** Errors keep their type, code and message across a worker. */
import { expect, test } from 'vitest';
import * as errors from '../../src/resp/errors.js';

const CASES: [errors.RedstartError, string][] = [
  [new errors.ReplyError('WRONGTYPE Operation'), 'WRONGTYPE'],
  [new errors.ConnectionError('a'), 'CONNECTION'],
  [new errors.ProtocolError('a'), 'PROTOCOL'],
  [new errors.TimeoutError('a'), 'TIMEOUT'],
  [new errors.ClosedError('a'), 'CLOSED'],
  [new errors.WorkerLoadError('a'), 'WORKERLOAD'],
  [new errors.StorageError('a'), 'STORAGE'],
  [new errors.FencedError('a'), 'FENCED'],
  [new errors.StoreBusyError('a'), 'STOREBUSY'],
  [new errors.LeaderLostError('a'), 'LEADERLOST'],
  [new errors.UnsupportedError('a'), 'UNSUPPORTED'],
];

/** They are made on this side: no worker sends them. */
const LOCAL = ['ReplyError', 'UnsupportedError'];

test.each(CASES)('%s has its code and survives packing', (error, code) => {
  expect(error.code).toBe(code);
  expect(error).toBeInstanceOf(errors.RedstartError);
  if (LOCAL.includes(error.name)) return;
  const copy = errors.unpackError(structuredClone(errors.packError(error)));
  expect(copy.constructor).toBe(error.constructor);
  expect({ ...copy, message: copy.message }).toEqual({ ...error, message: error.message });
});

test('an error that is not ours becomes a ConnectionError that names it, with its cause', () => {
  const packed = errors.packError(new RangeError('too far', { cause: new Error('why') }));
  const copy = errors.unpackError(packed);
  expect(copy).toBeInstanceOf(errors.ConnectionError);
  expect(copy.message).toBe('RangeError: too far');
  expect(copy.cause).toBe('Error: why');
  expect(errors.unpackError(errors.packError('text')).message).toBe('Error: text');
  expect(errors.unpackError({ name: 'toString', message: '', cause: null }).code).toBe(
    'CONNECTION',
  );
});
