/** Access control as a part of a host: it follows the configuration, and ends sessions. */
import { clientLine } from '../client-line.js';
import type { Host } from '../host.js';
import { Acl, type AclFile, type AclSurroundings } from './acl.js';

const encoder = new TextEncoder();

export function openAcl(host: Host, file: AclFile | null): Acl {
  const acl = new Acl(surroundingsOf(host), file);
  const setPassword = (password: string) => acl.setDefaultPassword(encoder.encode(password));
  setPassword(host.config.text('requirepass'));
  host.config.onChange('requirepass', setPassword);
  return acl;
}

function surroundingsOf(host: Host): AclSurroundings {
  const { config } = host;
  return {
    get allChannels() {
      return config.text('acl-pubsub-default') === 'allchannels';
    },
    get logLengthMax() {
      return config.number('acllog-max-len');
    },
    get now() {
      return host.clock.now();
    },
    get sessions() {
      return host.sessions.values();
    },
    describe: (session, args) => clientLine({ args, now: host.clock.now(), session }, session),
    end: (session) => host.endSoon(session),
  };
}
