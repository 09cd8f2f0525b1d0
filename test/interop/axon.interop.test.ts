import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChallengeResult, createDendrite, type Question } from '../../src/dendrite/index.ts';
import { saveKeys } from '../../src/wallet/index.ts';
import { Sandbox } from '../support/cli.ts';
import { greyJpeg, keypairOf, seedOf } from './support/miner.ts';
import { type PythonAxon, startPythonAxon } from './support/peers.ts';

const VALIDATOR = keypairOf(seedOf('11'));
const STRANGER = keypairOf(seedOf('33'));

/** What axon_peer.py answers with `--prediction digest`. */
const digestPrediction = (image: Uint8Array): number =>
  createHash('sha256').update(image).digest().readUInt32BE(0) / 2 ** 32;

describe.each([
  ['9.12.2', 'sdk-9'],
  ['10.5.0', 'sdk-10'],
] as const)('the axon of bittensor %s', (_, set) => {
  let axon: PythonAxon;
  beforeAll(async () => {
    const allow = [VALIDATOR.ss58];
    axon = await startPythonAxon(set, { seed: seedOf('22'), allow, prediction: 'digest' });
  });
  afterAll(() => axon.stop());

  async function ask(
    image: Uint8Array,
    question: Partial<Question> = {},
    signer = VALIDATOR,
  ): Promise<ChallengeResult> {
    const dendrite = createDendrite({ signer });
    const target = { host: '127.0.0.1', port: axon.port };
    try {
      return await dendrite.challenge({ target, axonHotkey: axon.hotkey, image, ...question });
    } finally {
      dendrite.close();
    }
  }

  test.each(['ImageSynapse', 'ExtendedImageSynapse'])('answers our dendrite on %s', async (route) => {
    const image = await greyJpeg(90, 224, 224);
    const result = await ask(image, { route });
    expect(result).toMatchObject({ isSuccess: true, status: 200 });
    expect(result.prediction).toBeCloseTo(digestPrediction(image), 9);
    expect(result.processMs).toBeGreaterThanOrEqual(0);
  });

  test('refuses a stranger of ours with 403', async () => {
    const result = await ask(await greyJpeg(90, 64, 64), {}, STRANGER);
    expect(result).toMatchObject({ isSuccess: false, status: 403, prediction: -1 });
    expect(result.message).toBe('Forbidden. Key is blacklisted: Unrecognized hotkey.');
  });

  test('refuses a signature of ours for another axon with 401', async () => {
    const result = await ask(await greyJpeg(90, 64, 64), { axonHotkey: STRANGER.ss58 });
    expect(result).toMatchObject({ isSuccess: false, status: 401, prediction: -1 });
    expect(result.message).toMatch(/^Not Verified with error: Signature mismatch/);
  });

  test('answers sv72 challenge', async () => {
    const sandbox = new Sandbox();
    try {
      const root = join(sandbox.home, '.bittensor/wallets');
      await saveKeys([{ location: { root, wallet: 'v', hotkey: 'validator' }, keypair: VALIDATOR }]);
      const images = join(sandbox.home, 'images');
      for (const label of ['roadwork', 'none']) {
        mkdirSync(join(images, label), { recursive: true });
        writeFileSync(join(images, label, 'a.jpg'), await greyJpeg(label === 'none' ? 40 : 200, 640, 480));
      }
      const flags = ['--target', `127.0.0.1:${axon.port}`, '--axon-hotkey', axon.hotkey, '--images', images];
      const signer = ['--wallet-name', 'v', '--validator-hotkey', 'validator'];
      const { json, exit } = await sandbox.json(['challenge', ...flags, ...signer, '--count', '2']);
      expect(json).toMatchObject({
        validator: VALIDATOR.ss58,
        targets: [{ summary: { asked: 2, answered: 2, problems: [] } }],
      });
      expect(exit).toBe(0);
    } finally {
      sandbox.remove();
    }
  });
});
