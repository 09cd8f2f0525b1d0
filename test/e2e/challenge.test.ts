import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResultOf } from '../../src/results/index.ts';
import { expectSchema } from '../support/schema.ts';
import { type Box, box, grey, serve } from './box.ts';

type Result = ResultOf<'challenge'>;

const SIGNER = ['--wallet-name', 'w', '--validator-hotkey', 'asker'];

async function challenge(given: Box, ...args: string[]) {
  const run = await given.sandbox.run(['challenge', ...SIGNER, ...args, '--json']);
  const json: Result = JSON.parse(run.stdout);
  if (json.targets === undefined) throw new Error(run.stdout);
  return { ...run, json };
}

/** A folder whose images the brightness model gets right but for one. */
async function labelled(given: Box): Promise<string> {
  const folder = join(given.sandbox.home, 'images');
  for (const [label, levels] of [
    ['roadwork', [250, 240, 230, 20]],
    ['none', [10, 20, 30, 40]],
  ] as const) {
    mkdirSync(join(folder, label), { recursive: true });
    for (const level of levels) writeFileSync(join(folder, label, `${level}.jpg`), await grey(level, 300));
  }
  return folder;
}

test('asks like a validator and scores like one', async () => {
  const given = await box();
  const serving = await serve(given);
  const [axon] = serving.listening.axons;
  const target = ['--target', `127.0.0.1:${axon?.port}`, '--axon-hotkey', axon?.hotkey ?? ''];
  const folder = await labelled(given);

  const { json, exit } = await challenge(
    given,
    ...target,
    ...['--images', folder, '--generation', '3', '--count', '40', '--seed', '1', '--concurrency', '4'],
  );
  expect(exit).toBe(0);
  expectSchema('challenge', json);
  expect(json).toMatchObject({ validator: given.asker.ss58, protocol: 'axon', seed: 1, images: folder });
  const [report] = json.targets;
  expect(report?.answers.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  for (const answer of report?.answers ?? []) {
    const level = Number(/(\d+)\.jpg$/.exec(answer.image)?.[1]);
    expect(answer.prediction).toBeCloseTo(level / 255, 1);
    expect(answer.outcome).toBe(level > 127 === (answer.label === 1) ? 'right' : 'wrong');
  }
  const wrong = report?.answers.filter(({ outcome }) => outcome === 'wrong').length ?? 0;
  expect(wrong).toBeGreaterThan(0);
  expect(report?.summary).toMatchObject({ asked: 40, answered: 40, right: 40 - wrong, problems: [] });
  expect(report?.summary.accuracy).toBeCloseTo((40 - wrong) / 40);
  expect(report?.summary.mcc100).toBeLessThan(1);
  expect(report?.answers.at(-1)?.reward).toBeCloseTo(report?.summary.reward ?? -1);

  const drawn = [...target, '--count', '4', '--seed', '7', '--width', '320', '--protocol', 'btauth'];
  const again = await challenge(given, ...drawn);
  const twice = await challenge(given, ...drawn);
  const pixels = ({ json: result }: typeof again) =>
    result.targets[0]?.answers.map(({ image, generation, prediction }) => ({
      image,
      generation,
      prediction,
    }));
  expect(pixels(again)).toEqual(pixels(twice));
  expect(new Set(pixels(again)?.map(({ prediction }) => prediction)).size).toBe(4);
});

test('--local finds the running miners and nothing else', async () => {
  const given = await box({ hotkeys: 2 });
  const none = await given.sandbox.json(['challenge', ...SIGNER, '--target', '127.0.0.1:1']);
  expect(none.json).toMatchObject({ error: { code: 'ERR_AXON_HOTKEY' } });

  const serving = await serve(given);
  // Other tests run miners too, which are not to be disturbed.
  const ours = ['--axon-hotkey', 'hk0', '--axon-hotkey', 'hk1'];
  const { json } = await challenge(
    given,
    '--local',
    ...ours,
    '--count',
    '1',
    '--generation',
    '2',
    '--level',
    '0',
  );
  expect(json.targets.map(({ target }) => target.port).sort()).toEqual(
    serving.listening.axons.map((axon) => axon.port).sort(),
  );
  expect(json.targets.map(({ summary }) => summary.answered)).toEqual([1, 1]);

  const port = String(serving.listening.axons[1]?.port);
  const known = await challenge(given, '--target', `127.0.0.1:${port}`, '--count', '1', '--generation', '1');
  expect(known.json.targets[0]?.summary.answered).toBe(1);
});

test('what goes wrong is told, and the exit code says that nothing was answered', async () => {
  const given = await box();
  const serving = await serve(given);
  const [axon] = serving.listening.axons;
  const at = `127.0.0.1:${axon?.port}`;
  const forged = await challenge(
    given,
    ...['--target', at, '--axon-hotkey', given.asker.ss58, '--count', '2', '--generation', '2'],
  );
  expect(forged.exit).toBe(1);
  expectSchema('challenge', forged.json);
  expect(forged.json.targets[0]?.summary).toMatchObject({
    answered: 0,
    right: 0,
    reward: 0,
    latencyMs: null,
  });
  expect(forged.json.targets[0]?.summary.problems[0]).toMatchObject({
    problem: expect.stringMatching(/^401 /),
    count: 2,
  });

  const gone = await challenge(
    given,
    ...['--target', '127.0.0.1:9', '--axon-hotkey', 'hk0', '--count', '1', '--generation', '2'],
  );
  expect(gone.exit).toBe(1);
  expect(gone.json.targets[0]?.summary.problems[0]?.problem).toContain('503 Service unavailable');
});

describe('refuses', () => {
  test.each([
    ['no target', [], 'ERR_NO_TARGET'],
    ['a target that is no address', ['--target', 'nonsense', '--axon-hotkey', 'hk0'], 'ERR_TARGET'],
    [
      'a folder without labels',
      ['--target', '127.0.0.1:9', '--axon-hotkey', 'hk0', '--images', '.'],
      'ERR_IMAGE_FOLDER',
    ],
    [
      'a secret on the command line',
      ['--target', '127.0.0.1:9', '--axon-hotkey', 'hk0', '--validator-uri', 'a b c'],
      'ERR_SECRET_IN_ARGUMENTS',
    ],
    ['a time that is none', ['--target', '127.0.0.1:9', '--timeout', 'x'], 'ERR_USAGE'],
  ])('%s', async (_, args, code) => {
    const given = await box();
    const signer = args.includes('--validator-uri') ? ['--wallet-name', 'w'] : SIGNER;
    const { json, exit } = await given.sandbox.json(['challenge', ...signer, ...args]);
    expectSchema('failure', json);
    expect(json).toMatchObject({ error: { code } });
    expect(exit).not.toBe(0);
  });
});
