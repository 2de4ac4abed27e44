/**
 * Access control: who there is, who may log in, and who may run what. Every session acts as a
 * user, from the beginning as `default`.
 */
import type { CommandRow } from '../../commands/row.js';
import type { Session } from '../session.js';
import { Attempts } from './attempts.js';
import { userLine } from './description.js';
import { AclLog, type Incident, type LogContext } from './log.js';
import { allowsChannel, type Denial, denialOf, mayReadAllKeys } from './permissions.js';
import { plainRefusal, scriptRefusal, sortRefusal, transactionRefusal } from './refusals.js';
import type { Selector } from './selector.js';
import { applyUserRule, digestOf, type Rule, User } from './user.js';
import { configuredUsers, readUsers, UserListError } from './user-list.js';

type Arguments = readonly Uint8Array[];

/** Where the users are kept; text has one character a byte. */
export interface AclFile {
  /** As the configuration names it. */
  readonly path: string;
  /** Both throw errors whose message says why. */
  read(): string;
  /** Puts `text` in its place, wholly or not at all. */
  write(text: string): void;
}

/** What of the store access control needs. */
export interface AclSurroundings {
  /** New users and selectors may use every channel (`acl-pubsub-default`). */
  readonly allChannels: boolean;
  /** Entries of ACL LOG at the most. */
  readonly logLengthMax: number;
  readonly now: number;
  readonly sessions: Iterable<Session>;
  /** CLIENT INFO of a session whose command is at work. */
  describe(session: Session, args: Arguments): string;
  /** Ends a session: at once, or after its command if that is at work. */
  end(session: Session): void;
}

const DEFAULT = 'default';

export class Acl {
  readonly log = new AclLog();
  readonly attempts = new Attempts();
  readonly defaultUser = unlimitedUser();
  private users = new Map<string, User>([[DEFAULT, this.defaultUser]]);
  /** Stands in for users who are not there: to tell that takes as long as to tell of others. */
  private readonly nobody = lockedUser();

  constructor(
    private readonly around: AclSurroundings,
    readonly file: AclFile | null,
  ) {}

  /** Whether who has not logged in may do nothing. */
  get needsLogin(): boolean {
    const { enabled, noPassword } = this.defaultUser;
    return !enabled || !noPassword;
  }

  /** Whether `session` would have to log in first. */
  isStranger(session: Session): boolean {
    return !session.authenticated && this.needsLogin;
  }

  /** Makes `session` what it is when it comes, or again after RESET. */
  welcome(session: Session): void {
    session.user = this.defaultUser;
    session.authenticated = !this.needsLogin;
    session.welcomedAt = this.around.now;
  }

  /** `requirepass`: the one password of the default user; empty for none. */
  setDefaultPassword(password: Uint8Array): void {
    this.defaultUser.clearPasswords(password.length === 0);
    if (password.length > 0) this.defaultUser.setPassword(password);
  }

  find(name: string): User | undefined {
    return this.users.get(name);
  }

  /** In the order of their names. */
  list(): User[] {
    return [...this.users.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** The lines by which all users could be made again. */
  lines(): string[] {
    return this.list().map(userLine);
  }

  /** Whether the password is right; then `session` is the user's. Names as binary text. */
  authenticate(session: Session, name: string, password: Uint8Array): boolean {
    const user = this.users.get(name) ?? this.nobody;
    const hash = digestOf(password);
    let right = user.noPassword;
    for (const known of user.passwords) right = isEqual(hash, known) || right;
    if (!user.enabled || !right) return false;
    session.user = user;
    session.authenticated = true;
    return true;
  }

  /** Notes in ACL LOG that a password was wrong. */
  noteFailedLogin(session: Session, name: string, args: Arguments): void {
    this.note(session, args, contextOf(session), {
      reason: 'auth',
      object: args[0] ?? '',
      username: name,
    });
  }

  /** Why `session` may not run this command that it has sent: an error text, or null. */
  refusal(session: Session, row: CommandRow, args: Arguments): string | null {
    const denial = this.denial(session, row, args, contextOf(session));
    if (denial !== null) return plainRefusal(denial, row);
    return session.transaction === null ? this.sortRefusal(session.user, row, args) : null;
  }

  /** The same for a command that it has queued, and that is executed now. */
  refusalInTransaction(session: Session, row: CommandRow, args: Arguments): string | null {
    const denial = this.denial(session, row, args, 'multi');
    if (denial !== null) return transactionRefusal(denial);
    return this.sortRefusal(session.user, row, args);
  }

  /** The same for a command that its script calls; it is noted as the caller's. */
  refusalInScript(session: Session, row: CommandRow, args: Arguments): string | null {
    const denial = this.denial(session.caller ?? session, row, args, 'lua');
    if (denial !== null) return scriptRefusal(denial);
    return this.sortRefusal(session.user, row, args);
  }

  /** Whether the user may run the command, without a word about it. */
  allows(user: User, row: CommandRow, args: Arguments): boolean {
    return denialOf(user, row, args) === null;
  }

  /** Makes or changes a user: by all of the rules or none. Throws a RuleError, noting the rule. */
  setUser(name: string, rules: readonly Rule[], failedAt: (rule: Rule) => void): void {
    const { allChannels } = this.around;
    const known = this.users.get(name);
    const changed = known?.clone() ?? new User(name, allChannels);
    for (const rule of rules) {
      try {
        applyUserRule(changed, rule.text, allChannels);
      } catch (error) {
        failedAt(rule);
        throw error;
      }
    }
    if (known !== undefined) this.endListeners(known, changed.selectors);
    const user = known ?? changed;
    user.become(changed);
    this.users.set(name, user);
  }

  /** Its connections end. False if there was no such user. */
  deleteUser(name: string): boolean {
    const user = this.users.get(name);
    if (user === undefined) return false;
    this.users.delete(name);
    this.endSessions((one) => one === user);
    return true;
  }

  /** Takes the users of the configuration's `user` lines. Throws a UserListError. */
  configure(lines: readonly (readonly string[])[]): void {
    if (lines.length > 0 && this.file !== null) {
      throw new UserListError(
        'Configuring Redis with users defined in redis.conf and at the same setting an ACL file ' +
          'path is invalid. This setup is very likely to lead to configuration errors and ' +
          'security holes, please define either an ACL file or declare users directly in your ' +
          'redis.conf, but not both.',
      );
    }
    for (const user of configuredUsers(lines, this.around.allChannels)) this.put(user);
  }

  /** Takes all users from the file. Throws a UserListError; then nothing has changed. */
  load(): void {
    const users = readUsers(this.readFile(), this.file?.path ?? '', this.around.allChannels);
    const before = this.users;
    this.users = new Map([[DEFAULT, this.defaultUser]]);
    if (!users.some((user) => user.name === DEFAULT)) this.defaultUser.become(unlimitedUser());
    for (const user of users) this.put(user);
    const gone = new Set([...before.values()].filter((user) => user !== this.defaultUser));
    this.endSessions((user) => gone.has(user));
  }

  /** Writes all users to the file. */
  save(): void {
    const text = this.lines().map((line) => `${line}\n`);
    this.file?.write(text.join(''));
  }

  private readFile(): string {
    try {
      return this.file?.read() ?? '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UserListError(`Error loading ACLs, opening file '${this.file?.path}': ${why}`);
    }
  }

  /** The default user stays the same object: it is everybody's at first. */
  private put(user: User): void {
    if (user.name === DEFAULT) this.defaultUser.become(user);
    else {
      user.become(user.clone());
      this.users.set(user.name, user);
    }
  }

  private denial(
    session: Session,
    row: CommandRow,
    args: Arguments,
    context: LogContext,
  ): Denial | null {
    const denial = denialOf(session.user, row, args);
    if (denial === null) return null;
    const { reason, at } = denial;
    this.note(session, args, context, {
      reason,
      object: reason === 'command' ? row.name : (args[at] ?? ''),
      username: session.user.name,
    });
    return denial;
  }

  private sortRefusal(user: User, row: CommandRow, args: Arguments): string | null {
    if (user.isUnlimited || (row.name !== 'sort' && row.name !== 'sort_ro')) return null;
    return mayReadAllKeys(user, row, args) ? null : sortRefusal(args);
  }

  private note(
    session: Session,
    args: Arguments,
    context: LogContext,
    what: Pick<Incident, 'reason' | 'object' | 'username'>,
  ): void {
    const { around } = this;
    const object = typeof what.object === 'string' ? what.object : what.object.slice();
    const client = around.describe(session, args);
    this.log.add({ ...what, object, context, client }, around.now, around.logLengthMax);
  }

  /** Ends the sessions that listen to what their user may listen to no longer. */
  private endListeners(user: User, selectors: readonly Selector[]): void {
    if (selectors.some(({ allChannels }) => allChannels)) return;
    for (const session of [...this.around.sessions]) {
      if (session.user === user && !mayGoOnListening(session, selectors)) {
        this.around.end(session);
      }
    }
  }

  private endSessions(isMeant: (user: User) => boolean): void {
    for (const session of [...this.around.sessions]) {
      if (!isMeant(session.user)) continue;
      session.user = this.defaultUser;
      session.authenticated = false;
      this.around.end(session);
    }
  }
}

function mayGoOnListening({ subscriptions }: Session, selectors: readonly Selector[]): boolean {
  const { channels, patterns, shards } = subscriptions;
  return (
    [...channels, ...shards].every((name) => allowsChannel(selectors, name, false)) &&
    [...patterns].every((name) => allowsChannel(selectors, name, true))
  );
}

function contextOf({ transaction, executing }: Session): LogContext {
  return transaction !== null || executing !== null ? 'multi' : 'toplevel';
}

/** May do everything, without a password: what `default` is where nothing else is said. */
function unlimitedUser(): User {
  const user = new User(DEFAULT, true);
  user.enabled = true;
  user.noPassword = true;
  user.root.setAllKeys(true);
  user.root.setAllCommands(true);
  user.become(user.clone());
  return user;
}

/** Cannot be logged in as. */
function lockedUser(): User {
  const user = new User('', false);
  user.setPassword(new Uint8Array(0));
  return user;
}

/** Takes as long for any digest: how much of it is right does not show. */
function isEqual(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
}
