import { request } from 'node:http';
import { Script } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type Candidate,
  type ReviewServer,
  startReviewServer,
  type Verdict,
} from '../../../src/data/index.ts';
import { Sv72Error } from '../../../src/errors/index.ts';
import { blotches } from '../sample.ts';

const CANDIDATE: Candidate = {
  ...{ sha256: 'a'.repeat(64), lowest: 0.2, highest: 0.8, mean: 0.5, answers: 3 },
  models: ['demo@1.0.0'],
};

async function served(fails?: Sv72Error) {
  const answers: [string, Verdict | 'undo'][] = [];
  const server = await startReviewServer({
    candidates: [CANDIDATE],
    review: {
      async answer({ sha256 }, verdict) {
        if (fails) throw fails;
        answers.push([sha256, verdict]);
      },
      async undo({ sha256 }) {
        answers.push([sha256, 'undo']);
      },
    },
    picture: () => blotches(1),
  });
  onTestFinished(() => server.close());
  return { server, answers };
}

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request with any headers, which fetch would not let through. */
async function send({ url }: ReviewServer, { path = '', method = 'GET', headers = {}, body }: Sent) {
  const at = new URL(url);
  const target = path.startsWith('/') ? path : `${at.pathname}${path}`;
  return await new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const sent = request({ host: at.hostname, port: at.port, path: target, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const ANSWER = { path: 'answer', method: 'POST', headers: JSON_TYPE };
const says = (verdict: string, sha256 = CANDIDATE.sha256) => JSON.stringify({ sha256, verdict });

describe('the page', () => {
  test('shows pictures and takes answers until the person is done', async () => {
    const { server, answers } = await served();
    const page = await send(server, {});
    expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    expect(JSON.parse((await send(server, { path: 'items' })).text)).toEqual([CANDIDATE]);
    expect(await send(server, { path: `picture/${CANDIDATE.sha256}` })).toMatchObject({
      status: 200,
      type: 'image/jpeg',
    });
    for (const verdict of ['yes', 'no', 'skip']) {
      expect((await send(server, { ...ANSWER, body: says(verdict) })).status).toBe(200);
    }
    const undo = { ...ANSWER, path: 'undo', body: JSON.stringify({ sha256: CANDIDATE.sha256 }) };
    expect((await send(server, undo)).status).toBe(200);
    expect(answers.map(([, verdict]) => verdict)).toEqual(['yes', 'no', 'skip', 'undo']);
    await send(server, { ...ANSWER, path: 'done', body: '{}' });
    await server.done;
  });

  test('its script is one that runs, allowed by its nonce alone', async () => {
    const { text } = await send((await served()).server, {});
    const [, nonce, code] = /<script nonce="([^"]+)">([\s\S]*)<\/script>/.exec(text) ?? [];
    expect(text).toContain(`script-src 'nonce-${nonce}'; connect-src 'self'`);
    expect(() => new Script(code ?? '(')).not.toThrow();
    expect(text).not.toMatch(/https?:\/\//);
  });
});

describe('nobody else gets in', () => {
  test.each<[string, Sent, number]>([
    ['another token', { path: '/x/' }, 404],
    ['no token', { path: '/' }, 404],
    ['another host name', { headers: { host: 'evil.example' } }, 404],
    [
      'a page of another site',
      { ...ANSWER, headers: { ...JSON_TYPE, origin: 'http://evil.example' }, body: says('yes') },
      403,
    ],
    [
      'a form of another site',
      { ...ANSWER, headers: { 'content-type': 'text/plain' }, body: says('yes') },
      415,
    ],
    ['another method', { method: 'PUT' }, 405],
    ['a picture that is not listed', { path: `picture/${'b'.repeat(64)}` }, 404],
    ['a path out of it', { path: 'picture/../../../etc/passwd' }, 404],
    ['an answer on another picture', { ...ANSWER, body: says('yes', 'b'.repeat(64)) }, 400],
    ['another answer', { ...ANSWER, body: says('maybe') }, 400],
    ['no JSON', { ...ANSWER, body: '{' }, 400],
    ['too much', { ...ANSWER, body: `"${'x'.repeat(10_000)}"` }, 400],
  ])('%s', async (_, sent, status) => {
    const { server, answers } = await served();
    expect((await send(server, sent)).status).toBe(status);
    expect(answers).toEqual([]);
  });
});

test('an answer that cannot be kept is told, and a full disk ends the review', async () => {
  const full = new Sv72Error('ERR_DISK_FULL', 'The disk is full.');
  const { server } = await served(full);
  const { status, text } = await send(server, { ...ANSWER, body: says('yes') });
  expect([status, JSON.parse(text)]).toEqual([500, { message: 'The disk is full.' }]);
  await expect(server.done).rejects.toBe(full);
});
