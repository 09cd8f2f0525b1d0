import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHECKS, type Finding } from '../../src/doctor/index.ts';
import { lockHotkey } from '../../src/miner/lock.ts';
import { openStoreWriter } from '../../src/store/index.ts';
import { keypairFromUri } from '../../src/wallet/index.ts';
import { request, temporaryFolder, writerOptions } from '../store/sample.ts';
import { contextOf } from './context.ts';

const PACKAGE = join(import.meta.dirname, '..', '..');
const DEMO = join(PACKAGE, 'models', 'demo');

async function ask(id: string, file: object, parts: Parameters<typeof contextOf>[0] = {}) {
  const found = await CHECKS.find((one) => one.id === id)?.run(await contextOf(parts, file));
  if (found === undefined) throw new Error(`${id} found nothing`);
  return 'status' in found ? [found] : found;
}

const brief = (found: readonly Finding[]) => found.map(({ miners = [], status }) => [...miners, status]);

/** A port that is listened on. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen({ host: '::', port: 0 }, resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('with several miners', () => {
  it('each port is looked at, and two that are one are said', async () => {
    const taken = await listening(createServer());
    const found = await ask('ports', {
      axon: { port: 0 },
      miners: [
        { hotkey: 'hk1' },
        { hotkey: 'hk2', port: taken },
        { hotkey: 'hk3', port: 39_871 },
        { hotkey: 'hk4', port: 39_871 },
      ],
    });
    expect(brief(found)).toEqual([
      ['hk1', 'note'],
      ['hk2', 'failed'],
      ['hk3', 'failed'],
      ['hk4', 'failed'],
    ]);
    expect(found[1]?.fix).toBe(`ss -ltnp 'sport = :${taken}'`);
    expect(found[2]?.sentence).toBe('"hk3" and "hk4" would both listen on port 39871.');
  });

  it('one that does not run is said where others do', async () => {
    const { ss58 } = keypairFromUri(`//${randomUUID()}`);
    const lock = await lockHotkey(ss58);
    onTestFinished(() => lock.release());
    lock.announce({
      ...{ pid: process.pid, hotkey: ss58, host: '::', port: 39_873, announcing: null },
      ...{ routes: [], btauthRoute: null, version: '0', control: null },
    });
    const at = { externalPort: null, profile: 'speed', listed: true } as const;
    const miners = [
      { ...at, name: 'hk1', ss58, port: 39_873 },
      { ...at, name: 'hk2', ss58: keypairFromUri('//hk2').ss58, port: 39_874 },
      { ...at, name: 'hk3', ss58, port: 39_875 },
    ];
    const found = await ask('ports', { metrics: { port: 7_777 } }, { miners });
    expect(brief(found)).toEqual([
      ['hk1', 'ok'],
      ['hk2', 'warning'],
      ['hk3', 'note'],
    ]);
    expect(found[1]?.fix).toBe('curl http://127.0.0.1:7777/readyz');
    expect(found[2]?.sentence).toContain('port 39873; the settings say 39875.');
    const alone = miners.slice(1, 2).map((miner) => ({ ...miner, listed: false }));
    expect(brief(await ask('ports', {}, { miners: alone }))).toEqual([['hk2', 'ok']]);
  });

  it('the firewall is asked for the ports of all', async () => {
    const miners = [{ hotkey: 'hk1' }, { hotkey: 'hk2', port: 8101 }];
    const program = async () => ({
      stdout: 'Status: active\n\n8091/tcp ALLOW Anywhere\n',
      stderr: '',
      exit: 0,
    });
    const [found] = await ask('firewall', { miners }, { root: true, platform: 'linux', program });
    expect(found).toMatchObject({ status: 'failed', fix: 'ufw allow 8101/tcp' });
  });

  it('each bundle is read once and names those that answer with it', async () => {
    const found = await ask('bundle', {
      miners: [
        { hotkey: 'hk1' },
        { hotkey: 'hk2', bundle: '/no/such/bundle' },
        { hotkey: 'hk3', bundle: DEMO },
        { hotkey: 'hk4', profile: 'accuracy' },
      ],
      profiles: { accuracy: { stages: [{ name: 'one' }, { name: 'two', bundle: '/nor/this' }] } },
    });
    expect(brief(found)).toEqual([
      ['hk1', 'hk3', 'hk4', 'warning'],
      ['hk2', 'failed'],
      ['hk4', 'failed'],
    ]);
    expect(found[0]?.sentence).toMatch(/^hk1, hk3, hk4: demo-roadwork /);
    expect(found[1]?.fix).toBe('sv72 bundle verify /no/such/bundle');
  });

  it('a single one is told without its name', async () => {
    const [found] = await ask('bundle', {});
    expect(found?.sentence).toMatch(/^demo-roadwork /);
    expect(found?.miners).toEqual(['default']);
  });

  it('hotkeys that the wallet lacks are named', async () => {
    const home = temporaryFolder();
    const { saveKeys } = await import('../../src/wallet/index.ts');
    const location = { root: home, wallet: 'w', hotkey: 'hk1' };
    await saveKeys([{ location, keypair: keypairFromUri('//Dave//hot') }]);
    const found = await ask('wallet', {
      wallet: { name: 'w', path: home },
      miners: [{ hotkey: 'hk1' }, { hotkey: 'hk2' }],
    });
    expect(found).toMatchObject([
      { status: 'failed', miners: ['hk2'], fix: 'sv72 wallet new-hotkey --wallet-name w --hotkey hk2' },
    ]);
  });

  it('what each was asked is counted for itself', async () => {
    const folder = temporaryFolder();
    const writer = openStoreWriter(writerOptions(folder));
    for (let i = 0; i < 3; i += 1) writer.record(request({ miner: 'A', source: 'prior', at: Date.now() }));
    await writer.close();
    const context = await contextOf();
    const paths = { ...context.paths, store: join(folder, 'sv72.db') };
    const at = { port: 1, externalPort: null, profile: 'speed', listed: true } as const;
    const miners = [
      { ...at, name: 'hk1', ss58: 'A' },
      { ...at, name: 'hk2', ss58: 'B' },
    ];
    const found = await ask('store', {}, { paths, miners });
    expect(found.map(({ sentence }) => sentence.slice(0, 32))).toEqual([
      'hk1: 3 challenges in 24 hours, 3',
      'hk2: 0 challenges in 24 hours, 0',
    ]);
    expect(brief(found)).toEqual([
      ['hk1', 'warning'],
      ['hk2', 'ok'],
    ]);
  });

  it('files and memory are counted for all', async () => {
    const miners = [{ hotkey: 'hk1' }, { hotkey: 'hk2', bundle: DEMO, profile: 'accuracy' }];
    const limits = 'Max open files            5000                 5000                 files\n';
    const [files] = await ask('file-limit', { miners }, { readText: () => limits });
    expect(files).toMatchObject({ status: 'warning', sentence: expect.stringContaining('2048 connections') });
    const readText = (path: string) => (path === '/proc/meminfo' ? 'MemAvailable: 358400 kB\n' : undefined);
    const [memory] = await ask('memory', { miners }, { readText });
    expect(memory).toMatchObject({ status: 'warning', sentence: expect.stringContaining('2 small models') });
    expect(await ask('memory', {}, { readText })).toMatchObject([{ status: 'ok' }]);
  });

  it('each model is run, or its server asked', async () => {
    const server = createHttpServer((request, response) => {
      response.writeHead(request.url?.includes('absent') ? 404 : 200).end();
    });
    const port = await listening(server);
    const at = (engine: string, url: string, model: string | null = null) => ({
      engine,
      server: { url, model },
    });
    const found = await ask('engine', {
      miners: [
        { hotkey: 'hk1' },
        { hotkey: 'hk2', profile: 'accuracy' },
        { hotkey: 'hk3', profile: 'video' },
      ],
      profiles: {
        accuracy: {
          stages: [
            { name: 'here', ...at('oip', `http://127.0.0.1:${port}`) },
            { name: 'lacks', ...at('oip', `http://127.0.0.1:${port}`, 'absent') },
          ],
        },
        video: {
          stages: [
            { name: 'nobody', ...at('openai', 'http://127.0.0.1:39872/v1') },
            { name: 'elsewhere', ...at('oip', 'http://192.0.2.7:8000') },
            {
              name: 'token',
              engine: 'oip',
              server: { url: 'http://127.0.0.1:39872', token_env: 'NO_SUCH_TOKEN' },
            },
          ],
        },
      },
    });
    expect(found).toMatchObject([
      { miners: ['hk1'], status: 'ok', sentence: expect.stringMatching(/^hk1: demo-roadwork runs on cpu/) },
      { miners: ['hk2'], status: 'ok', sentence: expect.stringMatching(/ answers and has demo-roadwork\.$/) },
      { miners: ['hk2'], status: 'failed', sentence: expect.stringContaining('it has no model absent') },
      { miners: ['hk3'], status: 'failed', fix: 'sv72 engine up --profile video' },
      { miners: ['hk3'], status: 'failed', fix: 'sv72 explain ERR_SERVER_CONSENT' },
      { miners: ['hk3'], status: 'failed', fix: 'sv72 explain ERR_SERVER_URL' },
    ]);
  });
});
