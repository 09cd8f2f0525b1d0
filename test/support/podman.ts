import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** podman as root inside a machine that permits neither raised limits nor crun's cgroups, with a storage of its own. */
export class Podman {
  /** Removed by `remove`. */
  readonly storage = mkdtempSync(join(tmpdir(), 'sv72-podman-'));
  /** What commands need in their environment to use this podman. */
  readonly env = {
    CONTAINERS_CONF: join(this.storage, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(this.storage, 'storage.conf'),
    BUILDAH_ISOLATION: 'chroot',
  };

  constructor() {
    writeFileSync(
      this.env.CONTAINERS_CONF,
      '[containers]\ndefault_ulimits = ["nofile=1024:20000","nproc=1024:4096"]\n[engine]\nruntime = "runc"\n',
    );
    writeFileSync(
      this.env.CONTAINERS_STORAGE_CONF,
      `[storage]\ndriver = "overlay"\ngraphroot = "${join(this.storage, 'graph')}"\nrunroot = "${join(this.storage, 'run')}"\n`,
    );
  }

  /** @throws Error where there is no podman to test with */
  require(): void {
    try {
      execFileSync('podman', ['--version']);
    } catch {
      throw new Error('these tests need podman and runc (`apt-get install podman runc`)');
    }
  }

  /**
   * Why it runs no containers here: inside some sandboxes podman can be installed and still not start anything, which is
   * no fault of ours.
   *
   * @param image one that is there, with /bin/sleep
   */
  whyNot(image: string): string | undefined {
    const { status, stderr } = spawnSync(
      'podman',
      ['run', '--rm', '--network=none', image, '/bin/sleep', '0'],
      { env: this.#whole, encoding: 'utf8' },
    );
    return status === 0 ? undefined : stderr.trim().slice(-300);
  }

  /** Names of all containers. */
  containers(): string[] {
    return this.#run('ps', '--all', '--format', '{{.Names}}')
      .split('\n')
      .filter((name) => name !== '');
  }

  remove(): void {
    try {
      this.#run('system', 'reset', '--force');
    } finally {
      rmSync(this.storage, { recursive: true, force: true });
    }
  }

  get #whole(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, HOME: this.storage, ...this.env };
  }

  #run(...args: string[]): string {
    return execFileSync('podman', args, {
      env: this.#whole,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
}
