import { expect, onTestFinished, test } from 'vitest';
import { createAxon } from '../../src/axon/index.ts';
import { createDendrite, type Question } from '../../src/dendrite/index.ts';
import { M, V, X } from '../axon/support/keys.ts';

async function pair(allowEd25519 = false) {
  const axon = createAxon({
    hotkey: M.ss58,
    callerPolicy: (hotkey) =>
      hotkey === V.ss58 ? { allow: true, stake: 1n } : { allow: false, reason: 'Not a validator' },
    answer: async (_request, image) => ({ prediction: image.length / 1_000 }),
    routes: { btauth: { allowEd25519 } },
  });
  const { port } = await axon.listen({ host: '::', port: 0 });
  onTestFinished(() => axon.close());
  return port;
}

const ways: [string, Partial<Question>][] = [
  ['ImageSynapse', {}],
  ['ExtendedImageSynapse', { route: 'ExtendedImageSynapse' }],
  ['btauth/1 with JSON', { protocol: 'btauth' }],
  ['btauth/1 with a JPEG', { protocol: 'btauth', bodyKind: 'jpeg' }],
];

test.each(ways)('%s: our dendrite and our axon understand each other', async (_name, question) => {
  const port = await pair();
  const dendrite = createDendrite({ signer: V });
  onTestFinished(() => dendrite.close());
  const image = new Uint8Array(250);
  for (const host of ['127.0.0.1', '::1', 'localhost']) {
    const result = await dendrite.challenge({
      target: { host, port },
      axonHotkey: M.ss58,
      image,
      ...question,
    });
    expect(result).toMatchObject({ prediction: 0.25, isSuccess: true, status: 200 });
  }
});

test('a stranger and a wrong receiver are told so', async () => {
  const port = await pair();
  const target = { host: '127.0.0.1', port };
  const image = new Uint8Array(1);
  const stranger = createDendrite({ signer: X });
  const mistaken = createDendrite({ signer: V });
  onTestFinished(() => {
    stranger.close();
    mistaken.close();
  });
  expect(await stranger.challenge({ target, axonHotkey: M.ss58, image })).toMatchObject({
    status: 403,
    prediction: -1,
    message: 'Forbidden. Key is blacklisted: Not a validator.',
  });
  expect(await mistaken.challenge({ target, axonHotkey: X.ss58, image })).toMatchObject({ status: 401 });
  const bound = await mistaken.challenge({ target, axonHotkey: X.ss58, image, protocol: 'btauth' });
  expect(bound.message).toMatch(/^WrongReceiver/);
});
