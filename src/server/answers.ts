/** What the program answers without starting: `--version`, `--help` and the like. */

import { REDIS_VERSION, REDSTART_VERSION } from '../host/version.js';
import type { Question } from './arguments.js';

const USAGE = `Usage: ./redis-server [/path/to/redis.conf] [options] [-]
       ./redis-server - (read config from stdin)
       ./redis-server -v or --version
       ./redis-server -h or --help
       ./redis-server --test-memory <megabytes>
       ./redis-server --check-system

Examples:
       ./redis-server (run the server with default conf)
       echo 'maxmemory 128mb' | ./redis-server -
       ./redis-server /etc/redis/6379.conf
       ./redis-server --port 7777
       ./redis-server --port 7777 --replicaof 127.0.0.1 8888
       ./redis-server /etc/myredis.conf --loglevel verbose -
       ./redis-server /etc/myredis.conf --loglevel verbose
`;

/** Answers; returns the exit code. */
export function answer(kind: Question): number {
  switch (kind) {
    case 'version':
      process.stdout.write(
        `Redis server v=${REDIS_VERSION} sha=00000000:0 malloc=redstart-${REDSTART_VERSION} ` +
          'bits=64 build=0\n',
      );
      return 0;
    case 'help':
      process.stderr.write(USAGE.replaceAll('redis-server', 'redstart-server'));
      return 1;
    case 'test-memory':
      process.stderr.write('redstart-server has no memory test: it is the one of redis-server.\n');
      return 1;
    case 'sentinel':
      process.stderr.write('redstart-server has no sentinel mode.\n');
      return 1;
    case 'check-system':
      process.stderr.write('redstart-server has no system check.\n');
      return 1;
  }
}
