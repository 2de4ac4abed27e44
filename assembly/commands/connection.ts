/**
 * Connection commands that need no session: PING and ECHO.
 */
import * as reply from '../protocol/reply';
import * as args from './arguments';
import { refuseArgumentCount } from './refusal';

/** PING [message] */
export function ping(): void {
  if (args.count > 2) refuseArgumentCount('ping');
  else if (args.count == 2) reply.bulk(args.address(1), args.length(1));
  else reply.simple('PONG');
}

/** ECHO message */
export function echo(): void {
  reply.bulk(args.address(1), args.length(1));
}
