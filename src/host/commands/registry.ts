/** The host's commands, by the name of their row in the command table. */
import type { DocsSource } from '../../commands/docs.js';
import type { Handlers } from '../context.js';
import { ACL } from './acl.js';
import { BLOCKING } from './blocking.js';
import { CLIENT } from './client.js';
import { CLUSTER } from './cluster.js';
import { commandHandlers } from './command.js';
import { CONFIG } from './config.js';
import { CONNECTION } from './connection.js';
import { DEBUG } from './debug.js';
import { FUNCTIONS } from './functions.js';
import { INFO } from './info.js';
import { LATENCY } from './latency.js';
import { LOLWUT } from './lolwut.js';
import { MEMORY } from './memory.js';
import { MIGRATE } from './migrate.js';
import { MODULES } from './modules.js';
import { PERSISTENCE } from './persistence.js';
import { PUBSUB } from './pubsub.js';
import { REPLICATION } from './replication.js';
import { SCRIPTING } from './scripting.js';
import { SERVER } from './server.js';
import { SLOWLOG } from './slowlog.js';
import { SYNC } from './sync.js';
import { TRACKING } from './tracking.js';
import { TRANSACTIONS } from './transactions.js';

export function hostCommands(docs: DocsSource): Handlers {
  return {
    ...ACL,
    ...BLOCKING,
    ...CONNECTION,
    ...CLIENT,
    ...CLUSTER,
    ...commandHandlers(docs),
    ...CONFIG,
    ...DEBUG,
    ...INFO,
    ...PUBSUB,
    ...LATENCY,
    ...LOLWUT,
    ...MEMORY,
    ...MIGRATE,
    ...MODULES,
    ...PERSISTENCE,
    ...REPLICATION,
    ...FUNCTIONS,
    ...SCRIPTING,
    ...SERVER,
    ...SYNC,
    ...SLOWLOG,
    ...TRACKING,
    ...TRANSACTIONS,
  };
}
