/**
 * A disk whose power can be cut: an ext4 file system in a file, mounted as a loop device.
 *
 *   store -> page cache -> ext4 -> loop device -> image file
 *            '--------- lost at the cut ------'   '- kept -'
 *
 * The cut is the ioctl EXT4_IOC_SHUTDOWN with the flag that even the journal of the file system is
 * not written any more: from that moment every write fails, and what was not flushed is gone when the
 * image is mounted again. Needs root and permission to mount. It does not model a disk that says
 * that it has flushed and has not.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../../../scripts/program.js';

/** Waits for a line; prints when the power was still there and when it was gone, in Unix seconds. */
const SHUTDOWN = `
import fcntl, os, struct, sys, time
EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587d, 2
directory = os.open(sys.argv[1], os.O_RDONLY)
print('armed', flush=True)
sys.stdin.readline()
before = time.time()
fcntl.ioctl(directory, EXT4_IOC_SHUTDOWN, struct.pack('I', NO_LOG_FLUSH))
print(before, time.time())
`;

export interface Cut {
  /** Unix milliseconds: before it the power was there, after it it was gone. */
  readonly began: number;
  readonly ended: number;
}

const mounted = new Set<string>();

export class Disk {
  private constructor(private readonly folder: string) {}

  /** Where its files are while it is mounted. */
  get directory(): string {
    return join(this.folder, 'disk');
  }

  static async make(megabytes: number): Promise<Disk> {
    const disk = new Disk(await mkdtemp(join(tmpdir(), 'redstart-disk-')));
    await writeFile(disk.image, '');
    await truncate(disk.image, megabytes * 2 ** 20);
    await mkdir(disk.directory);
    await must('mkfs.ext4', ['-q', '-F', '-m', '0', disk.image]);
    await disk.mount();
    return disk;
  }

  /** What was flushed before the cut is there again. */
  async mount(): Promise<void> {
    await must('mount', ['-o', 'loop', this.image, this.directory]);
    mounted.add(this.directory);
  }

  /** What it returns cuts the power at once; afterwards nothing can be written until `remount`. */
  async arm(): Promise<() => Promise<Cut>> {
    const child = spawn('python3', ['-c', SHUTDOWN, this.directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const armed = await lines.next();
    if (armed.value !== 'armed') throw new Error('python3 could not open the disk');
    return async () => {
      child.stdin.end('\n');
      const { value } = await lines.next();
      const [began, ended] = String(value).split(' ').map(Number);
      if (began === undefined || ended === undefined) throw new Error('the power was not cut');
      return { began: began * 1000, ended: ended * 1000 };
    };
  }

  async cut(): Promise<Cut> {
    return (await this.arm())();
  }

  /** Whoever uses it must have ended. */
  async remount(): Promise<void> {
    await this.unmount();
    await this.mount();
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.directory);
    return bavail * bsize;
  }

  /** Unmounts it and leaves the image, for people to look at; returns where it is. */
  async keep(): Promise<string> {
    await this.unmount();
    return this.image;
  }

  async remove(): Promise<void> {
    await this.unmount();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A process that was killed may hold it for a moment more. */
  private async unmount(): Promise<void> {
    for (let tries = 0; tries < UNMOUNT_TRIES; tries++) {
      const { status } = await run('umount', [this.directory], { capture: true });
      if (status === 0) {
        mounted.delete(this.directory);
        return;
      }
      await run('sleep', ['0.05']);
    }
    await must('umount', [this.directory]);
  }

  private get image(): string {
    return join(this.folder, 'image');
  }
}

const UNMOUNT_TRIES = 100;

/** Why disks cannot be made here, or null. */
export async function whyNoDisk(): Promise<string | null> {
  if (process.platform !== 'linux') return 'only Linux has loop devices';
  if (process.getuid?.() !== 0) return 'only root may mount a disk';
  if (!existsSync('/dev/loop-control')) return 'there are no loop devices';
  try {
    const disk = await Disk.make(16);
    await disk.cut();
    await disk.remove();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

async function must(command: string, args: string[]): Promise<string> {
  const { status, output } = await run(command, args, { capture: true });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${output.trim()}`);
  return output;
}

/** An interrupted run leaves nothing mounted. */
process.once('exit', () => {
  for (const directory of mounted) {
    spawnSync('umount', ['-l', directory]);
    rmSync(dirname(directory), { recursive: true, force: true });
  }
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
