/**
 * Results of commands on several sorted sets: their members are gathered in a table in any
 * order, and arranged when all are there.
 */
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import * as members from '../structures/member';
import { HAS_WORD, Member } from '../structures/member';
import * as skiplist from '../structures/skiplist';
import { Skiplist } from '../structures/skiplist';
import * as zsets from './zsets';

let arranged: Skiplist = changetype<Skiplist>(0);

/** The value of a member that is in the table only, not in order yet; see `wasKnown`. */
export function gather(entry: Entry, bytes: usize, size: usize): Member {
  const table = zsets.tableOf(entry);
  const keyHash = hash(bytes, size);
  const known = dict.find<Member>(table, keyHash, bytes, size);
  wasKnown = known != null;
  if (known) return known;
  const member = members.create(bytes, size, HAS_WORD, 0);
  dict.insert(table, keyHash, member);
  return member;
}

/** True if the member was there before `gather`. */
export let wasKnown: bool = false;

/** Puts in order what was gathered. */
export function arrange(entry: Entry): void {
  const table = zsets.tableOf(entry);
  arranged = zsets.listOf(entry);
  for (let number: u32 = 0; number < table.bucketCount; number++) {
    dict.visitBucket<Member>(table, number, arrangeMember);
  }
}

function arrangeMember(member: Member): void {
  skiplist.insert(arranged, reinterpret<f64>(member.word), member);
}
