/** CLUSTER and its kin: a store stands alone, and redis-server answers so if it does. */
import type { CommandContext, Handlers } from '../context.js';

export const CLUSTER: Handlers = {
  asking: withoutCluster,
  'cluster|addslots': withoutCluster,
  'cluster|addslotsrange': withoutCluster,
  'cluster|bumpepoch': withoutCluster,
  'cluster|count-failure-reports': withoutCluster,
  'cluster|countkeysinslot': withoutCluster,
  'cluster|delslots': withoutCluster,
  'cluster|delslotsrange': withoutCluster,
  'cluster|failover': withoutCluster,
  'cluster|flushslots': withoutCluster,
  'cluster|forget': withoutCluster,
  'cluster|getkeysinslot': withoutCluster,
  'cluster|help': withoutCluster,
  'cluster|info': withoutCluster,
  'cluster|keyslot': withoutCluster,
  'cluster|links': withoutCluster,
  'cluster|meet': withoutCluster,
  'cluster|myid': withoutCluster,
  'cluster|nodes': withoutCluster,
  'cluster|replicas': withoutCluster,
  'cluster|replicate': withoutCluster,
  'cluster|reset': withoutCluster,
  'cluster|saveconfig': withoutCluster,
  'cluster|set-config-epoch': withoutCluster,
  'cluster|setslot': withoutCluster,
  'cluster|shards': withoutCluster,
  'cluster|slaves': withoutCluster,
  'cluster|slots': withoutCluster,
  readonly: withoutCluster,
  readwrite: withoutCluster,
};

function withoutCluster(context: CommandContext): void {
  context.fail('ERR This instance has cluster support disabled');
}
