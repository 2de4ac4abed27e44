/**
 * Decoders that tell messages from replies where RESP does not: in RESP2 a message is an array,
 * and the lines of MONITOR are statuses.
 */
import { ReplyDecoder, ReplyKind, type ReplyTypes } from '../resp/reply-decoder.js';
import { REPLY_SHAPES } from '../resp/reply-shapes.js';
import type { RespVersions } from './redis-commands.js';
import { isMessage, type Subscriptions } from './subscriptions.js';

/** Strings as Buffers: for those listeners that want them. */
const BUFFERS: ReplyTypes = { 36: Buffer };

/** What MONITOR begins a line with: a time. */
const MONITOR_LINE = /^\d+\.\d+ \[/;

export function decoderFor(protocol: RespVersions, subscriptions: Subscriptions): ReplyDecoder {
  if (protocol === 3) return new ReplyDecoder({}, REPLY_SHAPES, BUFFERS);
  return new Resp2Decoder(subscriptions);
}

export function sideDecoder(): ReplyDecoder {
  return new ReplyDecoder({}, REPLY_SHAPES);
}

class Resp2Decoder extends ReplyDecoder {
  constructor(private readonly subscriptions: Subscriptions) {
    super({}, REPLY_SHAPES);
  }

  override next(types?: ReplyTypes): boolean {
    if (!this.subscriptions.isActive) return super.next(types);
    if (!super.next(BUFFERS)) return false;
    if (isMessage(this.value)) this.kind = ReplyKind.Push;
    return true;
  }
}

export class MonitorDecoder extends ReplyDecoder {
  override next(types?: ReplyTypes): boolean {
    if (!super.next(types)) return false;
    const { value } = this;
    if (typeof value === 'string' && MONITOR_LINE.test(value)) {
      this.kind = ReplyKind.Push;
      this.value = [value];
    }
    return true;
  }
}
