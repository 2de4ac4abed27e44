/**
 * One owner for a directory: a file redstart.lock.N, where N counts the owners. It says whose it is:
 *
 *   {"pid":4711,"started":"8f1c...:91923","space":"pid:[4026531836]"}
 *
 * `started` is the machine's boot and the tick at which the process began, so that another process with
 * the same number is not taken for it. The file of an owner that has let go says {"pid":0}.
 *
 * Whoever finds the last owner gone makes the file with the next number, under a name of his own first,
 * then by a link, which fails if that number is taken: of two exactly one succeeds. Then he looks again.
 * If there is a higher number he has been late, for the owners in front of it are deleted.
 */
import { StorageFault } from '../errors.js';
import { codeOf, type Disk, writeAll } from './disk.js';

/** What is known of processes. */
export interface Processes {
  /** This one. */
  readonly self: Owner;
  /** When the process with that number began; null if there is none. */
  startOf(pid: number): Promise<string | null>;
}

export interface Owner {
  readonly pid: number;
  readonly started: string;
  /** In which space process numbers have a meaning. */
  readonly space: string;
}

const NAME = /^redstart\.lock\.(\d{1,15})$/;
const FREE = '{"pid":0}';
const ATTEMPTS_MAX = 100;
const utf8 = new TextEncoder();
const text = new TextDecoder();

export class DirectoryLock {
  private constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    readonly number: number,
  ) {}

  /** Rejects with a StorageFault `unavailable` if another process has the directory. */
  static async take(
    disk: Disk,
    directory: string,
    processes: Processes,
    token: string,
  ): Promise<DirectoryLock> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const last = await lastNumber(disk, directory);
      if (last > 0) await refuseAlive(disk, `${directory}/${nameOf(last)}`, directory, processes);
      const lock = await claim(disk, directory, last + 1, processes.self, token);
      if (!lock) continue;
      const highest = await lastNumber(disk, directory);
      if (highest === last + 1) {
        await removeBelow(disk, directory, highest);
        return new DirectoryLock(disk, directory, highest);
      }
      await disk.remove(`${directory}/${nameOf(last + 1)}`);
    }
    throw new StorageFault('unavailable', `${directory}: too many want to have it at once`);
  }

  /** Whether nobody has taken it. */
  async stands(): Promise<boolean> {
    return (await this.disk.size(`${this.directory}/${nameOf(this.number)}`)) !== null;
  }

  /** Lets go. The file stays, for its number. */
  async release(): Promise<void> {
    const path = `${this.directory}/${nameOf(this.number)}`;
    const beside = `${path}.free`;
    await writeSmall(this.disk, beside, FREE);
    await this.disk.rename(beside, path);
  }

  async remove(): Promise<void> {
    await this.disk.remove(`${this.directory}/${nameOf(this.number)}`);
  }
}

function nameOf(number: number): string {
  return `redstart.lock.${number}`;
}

async function lastNumber(disk: Disk, directory: string): Promise<number> {
  let last = 0;
  for (const name of await disk.list(directory)) {
    last = Math.max(last, Number(NAME.exec(name)?.[1] ?? 0));
  }
  return last;
}

async function refuseAlive(
  disk: Disk,
  path: string,
  directory: string,
  processes: Processes,
): Promise<void> {
  const bytes = await disk.read(path);
  const owner = bytes === null ? null : ownerIn(bytes);
  if (owner === null || owner.space !== processes.self.space) return;
  if ((await processes.startOf(owner.pid)) !== owner.started) return;
  const message = `${directory} is in use by process ${owner.pid}: one server at a time can keep its data there`;
  throw new StorageFault('unavailable', message);
}

/** Null: it has let go, or was never whole. */
function ownerIn(bytes: Uint8Array): Owner | null {
  try {
    const { pid, started, space } = JSON.parse(text.decode(bytes)) as Partial<Owner>;
    if (typeof pid !== 'number' || typeof started !== 'string' || typeof space !== 'string') {
      return null;
    }
    return pid > 0 ? { pid, started, space } : null;
  } catch {
    return null;
  }
}

async function claim(
  disk: Disk,
  directory: string,
  number: number,
  self: Owner,
  token: string,
): Promise<boolean> {
  const beside = `${directory}/redstart.lock.new-${self.pid}-${token}`;
  await writeSmall(disk, beside, JSON.stringify(self));
  try {
    await disk.link(beside, `${directory}/${nameOf(number)}`);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await disk.remove(beside);
  }
}

async function writeSmall(disk: Disk, path: string, content: string): Promise<void> {
  await disk.remove(path);
  const file = await disk.open(path, 'make');
  try {
    await writeAll(file, utf8.encode(content), 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeBelow(disk: Disk, directory: string, number: number): Promise<void> {
  for (const name of await disk.list(directory)) {
    const found = Number(NAME.exec(name)?.[1] ?? number);
    if (found < number) await disk.remove(`${directory}/${name}`);
  }
}
