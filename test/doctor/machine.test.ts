import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CHECKS, type DoctorContext, type Finding } from '../../src/doctor/index.ts';
import { contextOf, programs } from './context.ts';

async function ask(id: string, parts: Partial<DoctorContext> = {}, file: object = {}): Promise<Finding> {
  const check = CHECKS.find((one) => one.id === id);
  const found = await check?.run(await contextOf(parts, file));
  const first = found !== undefined && 'status' in found ? found : found?.[0];
  if (first === undefined) throw new Error(`${id} found nothing`);
  return first;
}

const L4 = 'NVIDIA L4, 570.86.15, 23034, 22500, 8.9\n';
const SMI =
  'nvidia-smi --query-gpu=name,driver_version,memory.total,memory.free,compute_cap --format=csv,noheader,nounits';

describe('GPU', () => {
  it('is described by nvidia-smi', async () => {
    const found = await ask('gpu', { program: programs({ [SMI]: L4 }) });
    expect(found).toEqual({
      status: 'ok',
      sentence: 'NVIDIA L4 (compute 8.9, driver 570.86.15, 22500 of 23034 MiB free).',
    });
  });

  it('is not missed where there is none', async () => {
    expect(await ask('gpu', { program: programs({}) })).toMatchObject({ status: 'note' });
  });

  it('that does not answer is a warning with what the driver said', async () => {
    const broken = {
      stderr: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
      exit: 9,
    };
    const found = await ask('gpu', { program: programs({ 'nvidia-smi': broken }) });
    expect(found).toMatchObject({
      status: 'warning',
      sentence: expect.stringContaining("couldn't communicate"),
    });
  });
});

describe('container runtime', () => {
  it.each([
    [
      'Docker that answers',
      { 'docker version --format {{.Server.Version}}': '27.5.1\n', docker: '{"nvidia":{}}' },
      'ok',
      /27\.5\.1 answers, with the NVIDIA/,
    ],
    [
      'Docker without right',
      { docker: { stderr: 'permission denied while trying to connect', exit: 1 } },
      'warning',
      /may not use it/,
    ],
    [
      'Docker without service',
      { docker: { stderr: 'Cannot connect to the Docker daemon', exit: 1 } },
      'warning',
      /does not answer/,
    ],
    ['podman', { 'podman version --format {{.Client.Version}}': '5.2.0\n' }, 'ok', /podman 5\.2\.0/],
    ['none', {}, 'note', /Neither/],
  ])('%s', async (_, table, status, sentence) => {
    const found = await ask('containers', { program: programs(table) });
    expect(found).toMatchObject({ status, sentence: expect.stringMatching(sentence) });
    expect(found.fix !== undefined).toBe(status === 'warning');
  });
});

describe('firewall', () => {
  const active = (rules: string) => programs({ 'ufw status': `Status: active\n\nTo Action From\n${rules}` });
  it.each([
    ['a rule for the port', active('8091/tcp                   ALLOW       Anywhere\n'), 'ok'],
    ['a rule for another port', active('22/tcp                     ALLOW       Anywhere\n'), 'failed'],
    [
      'a rule for a port that begins alike',
      active('80910/tcp                  ALLOW       Anywhere\n'),
      'failed',
    ],
    [
      'a table that drops',
      programs({
        'nft list ruleset': 'type filter hook input priority 0; policy drop;\n tcp dport 22 accept',
      }),
      'warning',
    ],
    [
      'a table that drops all but us',
      programs({
        'nft list ruleset': 'type filter hook input priority 0; policy drop;\n tcp dport { 22, 8091 } accept',
      }),
      'note',
    ],
    ['no filter', programs({ 'nft list ruleset': '' }), 'note'],
  ])('as root: %s', async (_, program, status) => {
    expect(await ask('firewall', { root: true, platform: 'linux', program })).toMatchObject({ status });
  });

  it('as a user: ufw that is on is said, with the command that opens the port', async () => {
    const readText = (path: string) => (path === '/etc/ufw/ufw.conf' ? 'ENABLED=yes\n' : undefined);
    expect(await ask('firewall', { root: false, platform: 'linux', readText })).toMatchObject({
      status: 'unknown',
      fix: 'sudo ufw allow 8091/tcp',
    });
  });
});

describe('memory', () => {
  const files = (table: Readonly<Record<string, string>>) => ({ readText: (path: string) => table[path] });
  it('counts what the container may still have', async () => {
    const found = await ask(
      'memory',
      files({
        '/proc/meminfo': 'MemTotal: 32000000 kB\nMemAvailable:   16000000 kB\n',
        '/sys/fs/cgroup/memory.max': '536870912\n',
        '/sys/fs/cgroup/memory.current': '402653184\n',
      }),
    );
    expect(found).toMatchObject({
      status: 'warning',
      sentence: expect.stringContaining('128 MiB available of 512 MiB (limit of this container)'),
    });
  });
  it('is enough where there is enough', async () => {
    const found = await ask(
      'memory',
      files({ '/proc/meminfo': 'MemAvailable:   16000000 kB\n', '/sys/fs/cgroup/memory.max': 'max\n' }),
    );
    expect(found).toMatchObject({ status: 'ok', sentence: expect.stringContaining('15.3 GiB available') });
  });
});

describe('limit on open files', () => {
  const limit = (soft: string) => ({
    readText: () =>
      `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}                 4096                 files\n`,
  });
  it.each([
    ['256', 'warning'],
    ['3136', 'ok'],
    ['3135', 'warning'],
    ['unlimited', 'ok'],
  ])('%s: %s', async (soft, status) => {
    expect(await ask('file-limit', limit(soft))).toMatchObject({ status });
  });
});

describe('cron', () => {
  it('finds lines that cron could not run', async () => {
    const lines = '# sv72 by hand\n0 3 * * * sv72 refresh\n';
    expect(await ask('cron', { program: programs({ 'crontab -l': lines }) })).toMatchObject({
      status: 'warning',
      sentence: expect.stringContaining('1 of 1 lines'),
    });
  });
  it.each([
    ['0 3 * * * /usr/local/bin/sv72 refresh\n'],
    ['PATH=/usr/local/bin:/usr/bin\n0 3 * * * sv72 refresh\n'],
  ])('is content with %j', async (lines) => {
    expect(await ask('cron', { program: programs({ 'crontab -l': lines }) })).toMatchObject({ status: 'ok' });
  });
});

describe('ports', () => {
  it('that another program has are found, with the command that names it', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen({ host: '::', port: 0 }, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
    try {
      const found = await ask('ports', {}, { axon: { port } });
      expect(found).toMatchObject({ status: 'failed', fix: `ss -ltnp 'sport = :${port}'` });
    } finally {
      server.close();
    }
  });
});

describe('this machine', () => {
  it.each(['node', 'packages', 'disk', 'engine', 'coldkey'])(
    '%s is as it should be where the tests run',
    async (id) => {
      expect(await ask(id)).toMatchObject({ status: 'ok' });
    },
  );
});
