/** Commands and parameters that are off unless the configuration allows them. */
import type { CommandContext } from '../context.js';

/** `parameter` is one of the `enable-...` ones: `no`, `local` or `yes`. */
export function allowsProtected({ host, session }: CommandContext, parameter: string): boolean {
  const allowed = host.config.text(parameter);
  return allowed === 'yes' || (allowed === 'local' && session.isLocal);
}
