import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/index.ts';
import { upServers, wantedModels } from '../../src/serving/index.ts';

const home = mkdtempSync(join(tmpdir(), 'sv72-pull-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A podman that has no image and fetches one without an end. */
writeFileSync(
  join(home, 'podman'),
  `#!/bin/sh
case "$1" in
  info) echo '{"host":{"security":{"rootless":false}},"store":{"graphRoot":"/tmp"}}' ;;
  pull) echo 'Copying blob 1 of 9'; exec sleep 600 ;;
  image|container) exit 1 ;;
  *) exit 0 ;;
esac
`,
);
chmodSync(join(home, 'podman'), 0o755);

it('Ctrl-C while an image is being fetched ends that, in one sentence', async () => {
  const env = { PATH: [home, process.env.PATH ?? ''].join(delimiter), HOME: home };
  const places = {
    surroundings: { env, home, cwd: home },
    packageRoot: join(import.meta.dirname, '..', '..'),
  };
  const config = join(home, 'sv72.yaml');
  // A port that nothing listens on.
  writeFileSync(
    config,
    JSON.stringify({ profiles: { speed: { engine: 'oip', server: { url: 'http://127.0.0.9:47211' } } } }),
  );
  const { settings } = await loadSettings({ config, at: places.surroundings });
  const stop = new AbortController();
  await expect(
    upServers(wantedModels('speed', settings.profiles.speed, places), {
      ...places,
      runtime: 'podman',
      person: { uid: 1000, gid: 1000 },
      signal: stop.signal,
      onStage: (text) => text.includes('Copying blob') && stop.abort(),
    }),
  ).rejects.toMatchObject({ code: 'ERR_INTERRUPTED', message: expect.stringContaining('tritonserver') });
});
