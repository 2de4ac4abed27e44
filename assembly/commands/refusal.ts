/**
 * Refusal: what is answered in place of running a command: it does not exist, has the
 * wrong number of arguments, or is a fact of Redis that Redstart does not have yet.
 */
import { toLower } from '../memory/bytes';
import * as reply from '../protocol/reply';
import * as args from './arguments';
import { CONTAINER, HOST, LATER } from './flags';
import * as registry from './registry';
import { Command } from './registry';

/** Redis shows this much of a name, and of all arguments together. */
const SHOWN_MAX: usize = 128;
const BAR: u8 = 0x7c;
/** `exec` as one word. */
const EXEC: u32 = 0x63657865;
const ABORTED: string = 'EXECABORT Transaction discarded because of: ';

/** Replies if the command cannot run with these arguments; then true. */
export function refuse(command: Command): bool {
  if (command.flags & CONTAINER && args.count > 1) {
    refuseSubcommand();
    return true;
  }
  const count = <i32>args.count;
  if (command.arity > 0 ? count != command.arity : count < -command.arity) {
    refuseArity(command);
    return true;
  }
  if (command.flags & LATER) {
    refuseLater(command);
    return true;
  }
  if (command.handler == 0 && !(command.flags & HOST)) {
    refuseArity(command);
    return true;
  }
  return false;
}

/** Replies that there is no such command. */
export function refuseUnknown(): void {
  reply.beginError();
  reply.errorText("ERR unknown command '");
  shown(0, SHOWN_MAX);
  reply.errorText("', with args beginning with: ");
  let room = SHOWN_MAX;
  for (let index: u32 = 1; index < args.count && room > 0; index++) {
    reply.errorText("'");
    const written = shown(index, room) + 3;
    reply.errorText("' ");
    room = written < room ? room - written : 0;
  }
  reply.endError();
}

function refuseSubcommand(): void {
  reply.beginError();
  reply.errorText("ERR unknown subcommand '");
  shown(1, SHOWN_MAX);
  reply.errorText("'. Try ");
  for (let at: usize = 0; at < args.length(0); at++) {
    const byte = toLower(load<u8>(args.address(0) + at));
    reply.errorByte(<u8>(byte - 0x61 < 26 ? byte & ~0x20 : byte));
  }
  reply.errorText(' HELP.');
  reply.endError();
}

function refuseArity(command: Command): void {
  reply.beginError();
  reply.errorText(isExec(command) ? ABORTED : 'ERR ');
  reply.errorText("wrong number of arguments for '");
  fullName(command);
  reply.errorText("' command");
  reply.endError();
}

/** Whatever is wrong with EXEC ends the transaction. */
function isExec(command: Command): bool {
  return command.nameLength == 4 && load<u32>(command.name) == EXEC;
}

function refuseLater(command: Command): void {
  reply.beginError();
  reply.errorText("ERR command '");
  fullName(command);
  reply.errorText("' is not implemented in this version of Redstart");
  reply.endError();
}

function fullName(command: Command): void {
  if (command.parent >= 0) {
    const parent = registry.at(command.parent);
    reply.errorBytes(parent.name, parent.nameLength);
    reply.errorByte(BAR);
  }
  reply.errorBytes(command.name, command.nameLength);
}

/** Writes an argument up to its first NUL, at most `room` bytes; returns how many. */
function shown(index: u32, room: usize): usize {
  return reply.errorCString(args.address(index), min(args.length(index), room));
}

/** Replies as for a wrong arity, for commands that find out by themselves. */
export function refuseArgumentCount(name: string): void {
  reply.beginError();
  reply.errorText("ERR wrong number of arguments for '");
  reply.errorText(name);
  reply.errorText("' command");
  reply.endError();
}
