/** CLIENT TRACKING, CACHING, TRACKINGINFO and GETREDIR: caches in clients. */

import { binaryBytes, binaryText } from '../binary-text.js';
import { type CommandContext, type Handlers, NOT_AN_INTEGER, SYNTAX_ERROR } from '../context.js';
import { parseInteger } from '../integers.js';
import type { TrackingOptions, TrackingState } from '../tracking-state.js';

const BEFORE_DISABLING =
  'before disabling tracking for this client, and then re-enabling it with a different mode.';
const ANOTHER_MODE = `ERR You can't switch BCAST mode on/off ${BEFORE_DISABLING}`;
const ANOTHER_OPTION = `ERR You can't switch OPTIN/OPTOUT mode ${BEFORE_DISABLING}`;
const NOT_ALONE = 'Prefixes for a single client must not overlap.';
const NO_CACHING =
  'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or ' +
  'OPTOUT mode enabled';
const NOT_TRACKING = -1;

export const TRACKING: Handlers = {
  'client|caching': caching,
  'client|getredir': ({ reply, session }) =>
    reply.integer(session.tracking?.redirect ?? NOT_TRACKING),
  'client|tracking': tracking,
  'client|trackinginfo': trackingInfo,
};

type Asked = { -readonly [Name in keyof TrackingOptions]: TrackingOptions[Name] };

function tracking(context: CommandContext) {
  const { host, reply, session } = context;
  const prefixes: string[] = [];
  const asked = readOptions(context, prefixes);
  if (asked === null) return;
  switch (context.text(2).toLowerCase()) {
    case 'on': {
      const refusal = refusalOf(asked, prefixes, session.tracking);
      if (refusal !== null) return context.fail(refusal);
      if (asked.isBroadcast && !arePrefixes(context, prefixes)) return;
      host.tracking.enable(session, asked, prefixes);
      break;
    }
    case 'off':
      host.tracking.disable(session);
      break;
    default:
      return context.fail(SYNTAX_ERROR);
  }
  reply.simple('OK');
}

/** The options behind on or off; null after an error reply. */
function readOptions(context: CommandContext, prefixes: string[]): Asked | null {
  const { args } = context;
  const asked = { redirect: 0, isBroadcast: false, optIn: false, optOut: false, noLoop: false };
  for (let at = 3; at < args.length; at++) {
    const option = context.text(at).toLowerCase();
    const value = args[at + 1];
    if (option === 'bcast') asked.isBroadcast = true;
    else if (option === 'optin') asked.optIn = true;
    else if (option === 'optout') asked.optOut = true;
    else if (option === 'noloop') asked.noLoop = true;
    else if (option === 'redirect' && value !== undefined) {
      if (!readRedirect(context, ++at, asked)) return null;
    } else if (option === 'prefix' && value !== undefined) {
      prefixes.push(binaryText(value));
      at++;
    } else {
      context.fail(SYNTAX_ERROR);
      return null;
    }
  }
  return asked;
}

function readRedirect(context: CommandContext, at: number, asked: Asked): boolean {
  const id = parseInteger(context.text(at));
  let error = '';
  if (asked.redirect !== 0) error = 'ERR A client can only redirect to a single other client';
  else if (id === null) error = NOT_AN_INTEGER;
  else if (!context.host.sessions.has(Number(id))) {
    error = 'ERR The client ID you want redirect to does not exist';
  }
  asked.redirect = Number(id);
  if (error !== '') context.fail(error);
  return error === '';
}

/** Why these options do not go together, or not with what the session has been asking for. */
function refusalOf(
  { isBroadcast, optIn, optOut }: Asked,
  prefixes: readonly string[],
  now: TrackingState | null,
): string | null {
  if (prefixes.length > 0 && !isBroadcast) {
    return 'ERR PREFIX option requires BCAST mode to be enabled';
  }
  if (now !== null && now.isBroadcast !== isBroadcast) return ANOTHER_MODE;
  if (isBroadcast && (optIn || optOut)) return 'ERR OPTIN and OPTOUT are not compatible with BCAST';
  if (optIn && optOut) return "ERR You can't specify both OPTIN mode and OPTOUT mode";
  const isSwitched = (optIn && now?.optOut) || (optOut && now?.optIn);
  return isSwitched ? ANOTHER_OPTION : null;
}

/** Whether no two prefixes begin alike; else that is replied. */
function arePrefixes(context: CommandContext, prefixes: readonly string[]): boolean {
  const known = [...(context.session.tracking?.prefixes ?? [])];
  for (const [at, prefix] of prefixes.entries()) {
    const existing = known.find((one) => overlap(one, prefix));
    const other = existing ?? prefixes.slice(at + 1).find((one) => overlap(one, prefix));
    if (other === undefined) continue;
    const kind = existing === undefined ? 'another provided' : 'an existing';
    const clash = `' overlaps with ${kind} prefix '${other}'. ${NOT_ALONE}`;
    context.failQuoting("ERR Prefix '", binaryBytes(prefix), clash);
    return false;
  }
  return true;
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function caching(context: CommandContext) {
  const { reply, session } = context;
  const state = session.tracking;
  if (state === null) return context.fail(NO_CACHING);
  const answer = context.text(2).toLowerCase();
  if (answer !== 'yes' && answer !== 'no') return context.fail(SYNTAX_ERROR);
  const [isAllowed, mode] = answer === 'yes' ? [state.optIn, 'OPTIN'] : [state.optOut, 'OPTOUT'];
  if (!isAllowed) {
    const call = `CLIENT CACHING ${answer.toUpperCase()}`;
    return context.fail(`ERR ${call} is only valid when tracking is enabled in ${mode} mode.`);
  }
  state.isCachingGiven = true;
  reply.simple('OK');
}

function trackingInfo({ reply, session }: CommandContext): void {
  const state = session.tracking;
  const flags = state === null ? ['off'] : flagsOf(state);
  const prefixes = [...(state?.prefixes ?? [])].sort();
  reply.map(3);
  reply.bulk('flags');
  reply.set(flags.length);
  for (const flag of flags) reply.bulk(flag);
  reply.bulk('redirect');
  reply.integer(state?.redirect ?? NOT_TRACKING);
  reply.bulk('prefixes');
  reply.array(prefixes.length);
  for (const prefix of prefixes) reply.bulk(binaryBytes(prefix));
}

function flagsOf(state: TrackingState): string[] {
  const flags: readonly (readonly [string, boolean])[] = [
    ['on', true],
    ['bcast', state.isBroadcast],
    ['optin', state.optIn],
    ['caching-yes', state.optIn && state.isCachingGiven],
    ['optout', state.optOut],
    ['caching-no', state.optOut && state.isCachingGiven],
    ['noloop', state.noLoop],
    ['broken_redirect', state.isRedirectBroken],
  ];
  return flags.filter(([, isSet]) => isSet).map(([name]) => name);
}
