import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { greyJpeg, keypairOf, noisyJpeg, type ServedMiner, seedOf, startMiner } from './support/miner.ts';
import { askPython } from './support/peers.ts';

const VALIDATOR = seedOf('11');
const STRANGER = seedOf('33');

interface SdkAnswer {
  readonly prediction: number;
  readonly isSuccess: boolean;
  readonly axonStatus: number | null;
  readonly message: string;
}

let miner: ServedMiner;
beforeAll(async () => {
  miner = await startMiner([keypairOf(VALIDATOR).ss58]);
});
afterAll(() => miner.stop());

async function image(level: number, width: number, height: number): Promise<string> {
  const file = join(miner.sandbox.home, `${level}-${width}x${height}.jpg`);
  writeFileSync(file, await greyJpeg(level, width, height));
  return file;
}

interface Job {
  readonly images: readonly string[];
  readonly seed?: string;
  readonly route?: string;
  readonly ip?: string;
  readonly hotkey?: string;
  readonly together?: boolean;
}

describe.each([
  ['9.12.2', 'sdk-9'],
  ['10.5.0', 'sdk-10'],
] as const)('the dendrite of bittensor %s asks sv72 serve', (_, set) => {
  const ask = async (job: Job): Promise<SdkAnswer[]> =>
    (await askPython(set, 'dendrite_peer.py', {
      seed: job.seed ?? VALIDATOR,
      route: job.route ?? 'ImageSynapse',
      timeout: 9,
      axon: {
        ip: job.ip ?? '127.0.0.1',
        port: miner.port,
        hotkey: job.hotkey ?? miner.hotkey.ss58,
      },
      images: job.images,
      together: job.together ?? false,
    })) as SdkAnswer[];

  test.each(['ImageSynapse', 'ExtendedImageSynapse'])('%s', async (route) => {
    const [dark, light] = await ask({
      route,
      images: [await image(25, 224, 224), await image(230, 224, 224)],
    });
    expect(dark).toMatchObject({ isSuccess: true, axonStatus: 200 });
    expect(light).toMatchObject({ isSuccess: true, axonStatus: 200 });
    expect(dark?.prediction).toBeCloseTo(25 / 255, 1);
    expect(light?.prediction).toBeCloseTo(230 / 255, 1);
  });

  test('all generations’ sizes, the largest of 12 megapixels', async () => {
    const large = join(miner.sandbox.home, 'large.jpg');
    const photograph = await noisyJpeg(130, 4_000, 3_000);
    expect(photograph.length).toBeGreaterThan(4_000_000);
    writeFileSync(large, photograph);
    const answers = await ask({
      images: [await image(130, 224, 224), await image(130, 1_280, 720), large],
    });
    expect(answers.map(({ isSuccess }) => isSuccess)).toEqual([true, true, true]);
    for (const answer of answers) expect(answer.prediction).toBeCloseTo(130 / 255, 1);
  });

  test('ten requests at once, whose nonces may arrive out of order', async () => {
    const images = await Promise.all(Array.from({ length: 10 }, (_, i) => image(100 + i, 320, 240)));
    const answers = await ask({ images, together: true });
    expect(answers.every(({ isSuccess }) => isSuccess)).toBe(true);
  });

  test('IPv6 in brackets, as validators write it', async () => {
    const [answer] = await ask({ ip: '[::1]', images: [await image(200, 224, 224)] });
    expect(answer).toMatchObject({ isSuccess: true });
    expect(answer?.prediction).toBeCloseTo(200 / 255, 1);
  });

  test('a caller that is not on the list is refused with 403', async () => {
    const [answer] = await ask({ seed: STRANGER, images: [await image(1, 224, 224)] });
    expect(answer).toMatchObject({ isSuccess: false, axonStatus: 403, prediction: -1 });
    expect(answer?.message).toMatch(/^Forbidden\. Key is blacklisted: /);
  });

  test('a signature made for another axon is refused with 401', async () => {
    const [answer] = await ask({
      hotkey: keypairOf(seedOf('44')).ss58,
      images: [await image(1, 224, 224)],
    });
    expect(answer).toMatchObject({ isSuccess: false, axonStatus: 401, prediction: -1 });
    expect(answer?.message).toMatch(/^Not Verified with error: /);
  });

  test('what is no image gets the prior', async () => {
    const file = join(miner.sandbox.home, 'no-image.jpg');
    writeFileSync(file, 'this is no image');
    expect(await ask({ images: [file] })).toMatchObject([{ isSuccess: true, prediction: 0.5 }]);
  });
});
