/**
 * ACL categories of commands. The table names only those that do not follow from the flags.
 */
import { CommandFlag } from './flags.js';

/** All categories in Redis's order: COMMAND INFO lists a command's categories in it. */
export const ACL_CATEGORIES = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
] as const;

export type AclCategory = (typeof ACL_CATEGORIES)[number];

/** True when `name` (without `@`) is a category. */
export function isAclCategory(name: string): name is AclCategory {
  return (ACL_CATEGORIES as readonly string[]).includes(name);
}

/** Explicit categories and those that the flags imply, in Redis's order. */
export function aclCategories(flags: number, explicit: readonly AclCategory[]): AclCategory[] {
  const all = new Set<AclCategory>(explicit);
  if (flags & CommandFlag.WRITE) all.add('write');
  if (flags & CommandFlag.READONLY && !all.has('scripting')) all.add('read');
  if (flags & CommandFlag.ADMIN) all.add('admin').add('dangerous');
  if (flags & CommandFlag.PUBSUB) all.add('pubsub');
  if (flags & CommandFlag.BLOCKING) all.add('blocking');
  all.add(flags & CommandFlag.FAST ? 'fast' : 'slow');
  return ACL_CATEGORIES.filter((category) => all.has(category));
}
