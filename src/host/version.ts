/** The version of Redis that we answer for, and our own (that of package.json). */

export const REDIS_VERSION = '7.0.15';
export const REDSTART_VERSION = '0.1.0';
