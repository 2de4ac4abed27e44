/**
 * Commands that look for one member in the value of their first key, or for several from there
 * on: the number of the argument that names it, so that the core can have it ready in time. For
 * speed alone: a command that is missing here works as well.
 */
export const MEMBER_ARGUMENTS: Readonly<Record<string, number>> = {
  hdel: 2,
  hexists: 2,
  hget: 2,
  hincrby: 2,
  hincrbyfloat: 2,
  hmget: 2,
  hmset: 2,
  hset: 2,
  hsetnx: 2,
  hstrlen: 2,
  sadd: 2,
  sismember: 2,
  smismember: 2,
  srem: 2,
  zadd: 3,
  zincrby: 3,
  zmscore: 2,
  zrank: 2,
  zrem: 2,
  zrevrank: 2,
  zscore: 2,
};
