/** Access control as a part of a host: it follows the configuration, and ends sessions. */
import { binaryText } from '../binary-text.js';
import { clientLine } from '../client-line.js';
import { argumentBytes } from '../client-memory.js';
import type { Host } from '../host.js';
import { Acl, type AclFile, type AclSurroundings } from './acl.js';

const encoder = new TextEncoder();

/** Throws a UserListError for users that cannot be made. */
export function openAcl(host: Host, file: AclFile | null): Acl {
  const acl = new Acl(surroundingsOf(host), file);
  const setPassword = (password: string) => acl.setDefaultPassword(encoder.encode(password));
  setPassword(host.config.text('requirepass'));
  host.config.onChange('requirepass', setPassword);
  acl.configure(host.directives.users.map((words) => words.map(asBytes)));
  if (file !== null) acl.load();
  return acl;
}

/** One character a byte. */
function asBytes(word: string): string {
  return binaryText(encoder.encode(word));
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
    describe: (session, args) => clientLine(session, host.clock.now(), argumentBytes(args)),
    end: (session) => host.endSoon(session),
  };
}
