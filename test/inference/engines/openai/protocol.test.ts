import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialectsOf } from '../../../../src/inference/engines/openai/dialect.ts';
import { decodeChat, decodeModels, encodeChat } from '../../../../src/inference/engines/openai/protocol.ts';
import { VENDORS } from '../../../../src/inference/engines/openai/spec.ts';

const body = (value: unknown) => Buffer.from(JSON.stringify(value));

interface Listed {
  readonly token: unknown;
  readonly logprob: unknown;
}

/** An answer whose positions list these. */
function listing(...positions: readonly (readonly Listed[])[]): Buffer {
  const content = positions.map((top) => ({ ...top[0], top_logprobs: top }));
  return body({ choices: [{ message: { content: '?' }, logprobs: { content } }] });
}

const word = (content: unknown, more: object = {}) => body({ choices: [{ message: { content, ...more } }] });
const ln = Math.log;

test.each<[string, Buffer, number]>([
  [
    'yes against no',
    listing([
      { token: 'Yes', logprob: ln(0.6) },
      { token: 'No', logprob: ln(0.2) },
    ]),
    0.75,
  ],
  [
    'all spellings count',
    listing([
      { token: ' yes', logprob: ln(0.3) },
      { token: 'No', logprob: ln(0.2) },
      { token: 'YES', logprob: ln(0.2) },
      { token: '▁No', logprob: ln(0.1) },
      { token: 'Ġno', logprob: ln(0.1) },
      { token: '"Yes', logprob: ln(0.1) },
      { token: 'Nope', logprob: 0 },
    ]),
    0.6,
  ],
  [
    'minus infinity, however it is written',
    listing([
      { token: 'Yes', logprob: ln(0.5) },
      { token: 'No', logprob: -9999 },
      { token: 'no', logprob: null },
    ]),
    1 - 1e-4,
  ],
  [
    'a line break before the answer',
    listing(
      [
        { token: '\n', logprob: ln(0.99) },
        { token: 'Yes', logprob: ln(0.004) },
      ],
      [
        { token: 'No', logprob: ln(0.9) },
        { token: 'Yes', logprob: ln(0.1) },
      ],
    ),
    0.1,
  ],
  [
    'only what was said is listed',
    body({
      choices: [{ logprobs: { content: [{ token: 'No', logprob: ln(0.8), top_logprobs: [] }] } }],
    }),
    1e-4,
  ],
])('%s', (_, answer, p) => {
  const decoded = decodeChat(answer);
  expect(decoded.by).toBe('logprobs');
  expect(decoded.probability).toBeCloseTo(p, 10);
});

test.each<[unknown, number]>([
  ['Yes', 0.9],
  [' no.', 0.1],
  ['**No**, there is nothing. Yes?', 0.1],
  ['<think>No cones? Yes, one.</think>\n\nYes', 0.9],
  [[{ type: 'text', text: 'No' }], 0.1],
])('without log-probabilities the word counts: %j', (content, p) => {
  expect(decodeChat(word(content))).toMatchObject({ by: 'word', probability: expect.closeTo(p, 10) });
});

test.each<[string, Buffer, RegExp]>([
  ['neither word', word('Maybe not, yesterday'), /answered "Maybe not, yesterday" instead/],
  ['nothing', word(null), /answered "" instead/],
  ['a thought', word(null, { reasoning: 'Okay, so' }), /thinks instead/],
  ['half a thought', word('<think>Yes or no'), /instead of Yes or No/],
  ['an older name of it', word('', { reasoning_content: 'Hm' }), /thinks instead/],
  ['no choices', body({ choices: [] }), /no choices/],
  ['an error', body({ error: { message: 'no\n  capacity' } }), /the server says: no capacity/],
  ['a list', body([1]), /no JSON object/],
  ['HTML', Buffer.from('<html>'), /no JSON/],
])('%s is no answer', (_, answer, words) => {
  expect(() => decodeChat(answer)).toThrow(words);
});

test('tokens as the server counts them, where it does', () => {
  const answer = { choices: [{ message: { content: 'Yes' } }] };
  const usage = { prompt_tokens: 90, completion_tokens: 1 };
  expect(decodeChat(body({ ...answer, usage })).usage).toEqual({ input: 90, output: 1 });
  expect(decodeChat(body({ ...answer, usage: { prompt_tokens: -1 } })).usage).toBeUndefined();
  expect(decodeChat(body({ ...answer, usage: null })).usage).toBeUndefined();
});

test('whatever a server sends is an answer in [0, 1] or an Error', () => {
  const token = fc.oneof(fc.constantFrom('Yes', 'no', ' ', 'x'), fc.jsonValue());
  const top = fc.array(fc.record({ token, logprob: fc.oneof(fc.double(), fc.jsonValue()) }));
  const choice = fc.record(
    {
      message: fc.oneof(fc.record({ content: fc.oneof(fc.string(), fc.jsonValue()) }), fc.jsonValue()),
      logprobs: fc.oneof(
        fc.record({ content: fc.array(fc.record({ token, logprob: fc.double(), top_logprobs: top })) }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  );
  const answer = fc.record(
    { choices: fc.array(choice), usage: fc.jsonValue() },
    { requiredKeys: ['choices'] },
  );
  fc.assert(
    fc.property(
      fc.oneof(answer.map(body), fc.jsonValue().map(body), fc.uint8Array().map(Buffer.from)),
      (bytes) => {
        try {
          const { probability } = decodeChat(bytes);
          expect(probability).toBeGreaterThan(0);
          expect(probability).toBeLessThan(1);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(TypeError);
        }
      },
    ),
  );
});

test('the list of models', () => {
  const data = [{ id: 'a', owned_by: 'vllm' }, { id: 'b' }, { name: 'c' }, null];
  expect(decodeModels(body({ data }))).toEqual([{ id: 'a', owner: 'vllm' }, { id: 'b' }]);
  expect(() => decodeModels(body({ models: [] }))).toThrow(/no data/);
});

test.each(VENDORS)('%s: from its own fields to what any server takes', (vendor) => {
  const question = { model: 'm', prompt: 'Roadwork?', maxTokens: 1, jpeg: Buffer.from([255, 216, 255]) };
  const requests = dialectsOf(vendor).map((dialect) => JSON.parse(encodeChat(question, dialect)));
  const keys = requests.map((request) => Object.keys(request).sort().join());
  expect(new Set(keys.map((key, i) => `${key} ${requests[i].top_logprobs}`)).size).toBe(requests.length);
  const plain = ['max_completion_tokens', 'max_tokens'].map((limit) =>
    [limit, 'messages', 'model', 'temperature'].sort().join(),
  );
  expect(keys).toEqual(expect.arrayContaining(plain));
  expect(requests[0]).toMatchObject({ logprobs: true, top_logprobs: 20, temperature: 0 });
  expect(requests[0].messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9j/' } },
        { type: 'text', text: 'Roadwork?' },
      ],
    },
  ]);
});
