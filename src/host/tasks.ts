/** The host's periodic work; the scheduler runs it. */
import type { Host } from './host.js';
import type { PeriodicWork } from './scheduler.js';

/** Redis's share too: a quarter of the time, in slices. */
const EXPIRY_SHARE = 0.25;
const EXPIRY_SLICE_US_MAX = 1000;
/** What a script does is one transaction: nothing expires in between. */
const EXPIRY_AFTER_SCRIPT_MS = 100;
const IDLE_CHECK_MS = 1000;
const SOFT_LIMIT_CHECK_MS = 1000;
const AUTHENTICATION_MS_MAX = 10_000;

/** Removes keys whose time has come although nobody asks for them. */
export function activeExpiry(host: Host): PeriodicWork {
  return {
    run() {
      if (!host.expiresActively || host.pauses.isOn || host.batches.isHeld)
        return Number.POSITIVE_INFINITY;
      if (host.scripts.running !== null) return EXPIRY_AFTER_SCRIPT_MS;
      host.persistence.noteTurn(host.clock.now());
      let next = Number.POSITIVE_INFINITY;
      host.persistence.recovery.guard(() => {
        next = expire(host);
      });
      return next;
    },
  };
}

/** A slice of it; ms until the next one. */
function expire(host: Host): number {
  const periodMs = 1000 / host.config.number('hz');
  host.engine.setTime(host.clock.now());
  const startedAt = host.microseconds();
  const next = host.engine.tick(Math.min(EXPIRY_SLICE_US_MAX, periodMs * EXPIRY_SHARE * 1000));
  const took = host.microseconds() - startedAt;
  host.statistics.expiryMs += took / 1000;
  if (next === 0) host.statistics.expiryInterruptions++;
  host.meter.lasted('expire-cycle', took);
  host.meter.lasted('expire-del', host.engine.longestExpiry());
  host.settle(true);
  host.tracking.broadcast();
  host.takeEffects();
  return next;
}

/**
 * Closes connections that have been idle for `timeout` seconds, and strangers who have not
 * given a password in time (docs/RELIABILITY.md S6).
 */
export function idleConnections(host: Host): PeriodicWork {
  return {
    run() {
      const timeout = host.config.number('timeout') * 1000 || Number.POSITIVE_INFINITY;
      const now = host.clock.now();
      let watched = 0;
      for (const session of host.sessions.values()) {
        const isStranger = host.acl.isStranger(session);
        const limit = isStranger ? AUTHENTICATION_MS_MAX : timeout;
        const since = isStranger ? session.welcomedAt : session.lastInteraction;
        if (!session.isForeign || limit === Number.POSITIVE_INFINITY) continue;
        watched++;
        if (now - since <= limit || session.suspended || session.isSubscriber) continue;
        host.log('verbose', 'Closing idle client');
        host.kill(session);
      }
      return watched > 0 ? IDLE_CHECK_MS : Number.POSITIVE_INFINITY;
    },
  };
}

/** Closes connections that have been over their soft limit of output for too long. */
export function softLimits(host: Host): PeriodicWork {
  return {
    run: () => (host.limits.checkSoftLimits() ? SOFT_LIMIT_CHECK_MS : Number.POSITIVE_INFINITY),
  };
}

/** Samples what INFO's instantaneous figures are made of. Needs no wake-up of its own. */
export function rates(host: Host): PeriodicWork {
  return {
    run() {
      sampleRates(host);
      return Number.POSITIVE_INFINITY;
    },
  };
}

export function sampleRates(host: Host): void {
  const { statistics } = host;
  const at = host.clock.monotonic();
  statistics.commandRate.sample(commandsProcessed(host), at);
  statistics.inputRate.sample(statistics.inputBytes, at);
  statistics.outputRate.sample(statistics.outputBytes, at);
}

/** Commands since the last CONFIG RESETSTAT. */
export function commandsProcessed(host: Host): number {
  return host.engine.statistics().commands;
}
