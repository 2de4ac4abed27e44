/** DEBUG PROTOCOL: a reply of each type, for those who write clients. */
import type { ReplyWriter } from '../../resp/reply-writer.js';
import type { CommandContext } from '../context.js';

type Sample = (reply: ReplyWriter, context: CommandContext) => void;

const SAMPLES: Readonly<Record<string, Sample>> = {
  string: (reply) => reply.bulk('Hello World'),
  integer: (reply) => reply.integer(12345),
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: Redis's sample is no pi
  double: (reply) => reply.double(3.141),
  bignum: (reply) => reply.bigNumber('1234567999999999999999999999999999999'),
  null: (reply) => reply.null(),
  array: (reply) => {
    reply.array(3);
    countTo3(reply);
  },
  set: (reply) => {
    reply.set(3);
    countTo3(reply);
  },
  map: (reply) => {
    reply.map(3);
    for (const number of [0, 1, 2]) {
      reply.integer(number);
      reply.boolean(number === 1);
    }
  },
  attrib: (reply) => {
    if (reply.protocol === 3) {
      reply.attribute(1);
      reply.bulk('key-popularity');
      reply.array(2);
      reply.bulk('key:123');
      reply.integer(90);
    }
    reply.bulk('Some real reply following the attribute');
  },
  push: (reply, context) => {
    if (reply.protocol === 2) return context.fail('ERR RESP2 is not supported by this command');
    reply.push(2);
    reply.bulk('server-cpu-usage');
    reply.integer(42);
    reply.bulk('Some real reply following the push reply');
  },
  verbatim: (reply) => reply.verbatim('txt', 'This is a verbatim\nstring'),
  true: (reply) => reply.boolean(true),
  false: (reply) => reply.boolean(false),
};

export function debugProtocol(context: CommandContext): void {
  const name = context.text(2).toLowerCase();
  const sample = Object.hasOwn(SAMPLES, name) ? SAMPLES[name] : undefined;
  if (sample !== undefined) sample(context.reply, context);
  else {
    context.fail(
      'ERR Wrong protocol type name. Please use one of the following: ' +
        'string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
    );
  }
}

function countTo3(reply: ReplyWriter): void {
  for (const number of [0, 1, 2]) reply.integer(number);
}
