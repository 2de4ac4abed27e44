/** Opens a store for those who are not a server: a mistake in its parameters has a type of its own. */
import { ConfigurationError } from '../resp/errors.js';
import { UserListError } from './acl/user-list.js';
import { ConfigSetError } from './config.js';
import { Host, type HostOptions } from './host.js';

/** As Host.open; rejects with a ConfigurationError if the configuration cannot be followed. */
export async function openHost(options: HostOptions): Promise<Host> {
  try {
    return await Host.open(options);
  } catch (error) {
    if (error instanceof ConfigSetError) {
      throw new ConfigurationError(`${error.parameter}: ${error.message}`, { cause: error });
    }
    if (error instanceof UserListError) {
      throw new ConfigurationError(`user: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
