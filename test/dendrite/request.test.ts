import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createDendrite, type Question } from '../../src/dendrite/index.ts';
import { verifySignature } from '../../src/wallet/index.ts';
import { btauthPayload } from '../../src/wire/index.ts';
import { M, V, V_ED25519 } from '../axon/support/keys.ts';

const UUID = '3b10f0ac-e520-11f1-bf01-02fc00000001';
const NONCE = 1_795_206_201_788_287_538n;
const IMAGE = Buffer.from('/9j/4EpQRUc=', 'base64');

/** Takes one request and says what bytes it was. */
async function capture(question: Partial<Question> = {}, signer = V): Promise<string> {
  const received = Promise.withResolvers<string>();
  const server = createServer((socket: Socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const [, length] = /Content-Length: (\d+)/.exec(text) ?? [];
      const body = text.split('\r\n\r\n')[1];
      if (length === undefined || body === undefined || body.length < Number(length)) return;
      received.resolve(text);
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
    });
  });
  const port = await freePort(server);
  const dendrite = createDendrite({ signer, uuid: UUID, wallNs: () => NONCE, externalIp: '203.0.113.9' });
  onTestFinished(() => dendrite.close());
  await dendrite.challenge({
    target: { host: '127.0.0.1', port },
    axonHotkey: M.ss58,
    image: IMAGE,
    ...question,
  });
  return (await received.promise).replaceAll(String(port), '18099');
}

async function freePort(server: ReturnType<typeof createServer>): Promise<number> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

const HEAD = `POST /ImageSynapse HTTP/1.1
Host: 127.0.0.1:18099
name: ImageSynapse
timeout: 9.0
bt_header_axon_ip: 127.0.0.1
bt_header_axon_port: 18099
bt_header_axon_hotkey: 5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA
bt_header_dendrite_ip: 203.0.113.9
bt_header_dendrite_version: 9012002
bt_header_dendrite_nonce: 1795206201788287538
bt_header_dendrite_uuid: 3b10f0ac-e520-11f1-bf01-02fc00000001
bt_header_dendrite_hotkey: 5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi
bt_header_dendrite_signature: SIGNATURE
header_size: 464
total_size: 3187
computed_body_hash: a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a
Accept: */*
Accept-Encoding: gzip, deflate
User-Agent: sv72
Content-Length: 831
Content-Type: application/json`;

const BODY =
  '{"name": "ImageSynapse", "timeout": 9.0, "total_size": 3187, "header_size": 0, "dendrite": {"status_code": null, ' +
  '"status_message": null, "process_time": null, "ip": "203.0.113.9", "port": null, "version": 9012002, ' +
  '"nonce": 1795206201788287538, "uuid": "3b10f0ac-e520-11f1-bf01-02fc00000001", ' +
  '"hotkey": "5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi", "signature": "SIGNATURE"}, "axon": ' +
  '{"status_code": null, "status_message": null, "process_time": null, "ip": "127.0.0.1", "port": 18099, ' +
  '"version": null, "nonce": null, "uuid": null, "hotkey": "5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA", ' +
  '"signature": null}, "computed_body_hash": "", "testnet_label": -1, "image": "/9j/4EpQRUc=", "prediction": -1.0}';

test('E 64: the request is that of SDK 9.12.2 to the byte, but for the user agent', async () => {
  const text = await capture();
  const [signature] = /0x[0-9a-f]{128}/.exec(text) ?? [''];
  // Port numbers differ in length, and with them the body's.
  const lengthless = (given: string) =>
    given.replaceAll(signature, 'SIGNATURE').replace(/Content-Length: \d+/, 'Content-Length: 831');
  expect(lengthless(text)).toBe(`${HEAD.replaceAll('\n', '\r\n')}\r\n\r\n${BODY}`);
  const message = `${NONCE}.${V.ss58}.${M.ss58}.${UUID}.a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a`;
  expect(V.verify(Buffer.from(message), Buffer.from(signature.slice(2), 'hex'))).toBe(true);
});

test('ExtendedImageSynapse has one field more', async () => {
  const text = await capture({ route: 'ExtendedImageSynapse', testnetLabel: 1 });
  expect(text).toMatch(/^POST \/ExtendedImageSynapse HTTP\/1\.1\r\n/);
  expect(text).toContain('"testnet_label": 1, "image": "/9j/4EpQRUc=", "prediction": -1.0, "model_url": ""}');
});

test('btauth/1: headers in the order of SDK 11, over the bytes that are sent', async () => {
  const text = await capture({ protocol: 'btauth', route: '/v1/predict' });
  const [head = '', body] = text.split('\r\n\r\n');
  expect(body).toBe('{"image": "/9j/4EpQRUc="}');
  const names = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(':')[0]);
  expect(names).toEqual([
    'Host',
    'X-Bittensor-Version',
    'X-Bittensor-Hotkey',
    'X-Bittensor-Nonce',
    'X-Bittensor-Signature',
    'X-Bittensor-Receiver',
    'Accept',
    'Accept-Encoding',
    'User-Agent',
    'Content-Length',
    'Content-Type',
  ]);
});

test('btauth/1: raw image, no receiver, ed25519', async () => {
  const text = await capture({ protocol: 'btauth', bodyKind: 'jpeg', bindReceiver: false }, V_ED25519);
  expect(text).toContain('Content-Type: image/jpeg\r\n');
  expect(text).toContain('X-Bittensor-Crypto: ed25519\r\n');
  expect(text).not.toContain('Receiver');
  expect(Buffer.from(text.split('\r\n\r\n')[1] ?? '', 'latin1')).toEqual(IMAGE);
  const [signature = ''] = /0x[0-9a-f]{128}/.exec(text) ?? [];
  const message = btauthPayload({
    scheme: 'ed25519',
    method: 'POST',
    target: '/predict',
    bodySha256: createHash('sha256').update(IMAGE).digest('hex'),
    nonce: NONCE.toString(),
    hotkey: V_ED25519.ss58,
  });
  expect(
    verifySignature({
      publicKey: V_ED25519.publicKey,
      cryptoType: 'ed25519',
      message,
      signature: Buffer.from(signature.slice(2), 'hex'),
    }),
  ).toBe(true);
});

test('two requests never have the same nonce', async () => {
  const texts = new Set<string>();
  const dendrite = createDendrite({ signer: V });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      texts.add(/dendrite_nonce: (\d+)/.exec(chunk.toString())?.[1] ?? '');
      socket.destroy();
    });
  });
  const port = await freePort(server);
  const target = { host: '127.0.0.1', port };
  await Promise.all(
    Array.from({ length: 10 }, () => dendrite.challenge({ target, axonHotkey: M.ss58, image: IMAGE })),
  );
  dendrite.close();
  expect(texts.size).toBe(10);
});
