import { type Dialect, ownFields } from './dialect.ts';

/** What is asked about one picture. */
export interface ChatQuestion {
  readonly model: string;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly jpeg: Uint8Array;
}

/** Tokens as the server counts them. */
export interface Usage {
  readonly input: number;
  readonly output: number;
}

export interface ChatAnswer {
  /** Probability of Yes, in [0, 1]. */
  readonly probability: number;
  /** What it was taken from: the log-probabilities of the words, or the word alone. */
  readonly by: 'logprobs' | 'word';
  /** undefined: the server did not say. */
  readonly usage: Usage | undefined;
}

/** What a word alone is worth. */
const BY_WORD = 0.9;
/** A probability this far from certainty is the least that twenty log-probabilities can tell apart. */
const EDGE = 1e-4;

/** Body of a request to `/chat/completions`. */
export function encodeChat({ model, prompt, maxTokens, jpeg }: ChatQuestion, dialect: Dialect): string {
  const picture = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64');
  return JSON.stringify({
    model,
    temperature: 0,
    [dialect.limit]: maxTokens,
    ...(dialect.topLogprobs > 0 && { logprobs: true, top_logprobs: dialect.topLogprobs }),
    ...ownFields(dialect),
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${picture}` } },
          { type: 'text', text: prompt },
        ],
      },
    ],
  });
}

/**
 * The probability of Yes: the log-probabilities of all spellings of yes and no, as far as the server lists them, where
 * the answer begins (p = Σ e^yes / (Σ e^yes + Σ e^no)); where there are none, the word that it said.
 *
 * @throws Error with what is wrong with the answer
 */
export function decodeChat(body: Buffer): ChatAnswer {
  const value = parse(body);
  if (!isRecord(value)) throw new Error('the answer is no JSON object');
  if (isRecord(value.error)) throw new Error(`the server says: ${brief(String(value.error.message))}`);
  const choice: unknown = Array.isArray(value.choices) ? value.choices[0] : undefined;
  if (!isRecord(choice)) throw new Error('the answer has no choices');
  const usage = usageOf(value.usage);
  const listed = fromLogprobs(choice.logprobs);
  if (listed !== undefined) return { probability: listed, by: 'logprobs', usage };
  const message = isRecord(choice.message) ? choice.message : {};
  const text = textOf(message.content);
  const said = wordIn(text);
  if (said !== undefined) return { probability: said ? BY_WORD : 1 - BY_WORD, by: 'word', usage };
  const thinks = [message.reasoning, message.reasoning_content].some(
    (t) => typeof t === 'string' && t !== '',
  );
  throw new Error(
    thinks && text.trim() === ''
      ? 'the model thinks instead of answering Yes or No'
      : `the model answered "${brief(text)}" instead of Yes or No`,
  );
}

/** Names of the models that a server has, and who it says owns them. */
export function decodeModels(body: Buffer): readonly { readonly id: string; readonly owner?: string }[] {
  const value = parse(body);
  const list: unknown = isRecord(value) ? value.data : undefined;
  if (!Array.isArray(list)) throw new Error('the list of models has no data');
  return list.filter(isRecord).flatMap(({ id, owned_by: owner }) => {
    if (typeof id !== 'string') return [];
    return [{ id, ...(typeof owner === 'string' && { owner }) }];
  });
}

function fromLogprobs(logprobs: unknown): number | undefined {
  const content: unknown = isRecord(logprobs) ? logprobs.content : undefined;
  if (!Array.isArray(content)) return undefined;
  for (const position of content.filter(isRecord)) {
    const top = Array.isArray(position.top_logprobs) ? position.top_logprobs.filter(isRecord) : [];
    const own = top.some(({ token }) => token === position.token) ? [] : [position];
    let yes = 0;
    let no = 0;
    for (const { token, logprob } of [...top, ...own]) {
      // Where a server cannot write minus infinity it writes null.
      if (typeof token !== 'string' || typeof logprob !== 'number') continue;
      const word = yesOrNo(token);
      if (word === true) yes += Math.exp(Math.min(0, logprob));
      if (word === false) no += Math.exp(Math.min(0, logprob));
    }
    const p = yes / (yes + no);
    // Before the answer there may be tokens for which neither word is likely: a line break, an opening tag.
    const begins = typeof position.token === 'string' && position.token.trim() !== '';
    if (!Number.isNaN(p) && (begins || yes + no > 0.01)) return Math.min(1 - EDGE, Math.max(EDGE, p));
  }
  return undefined;
}

/** Tokens begin with a space in some vocabularies, and with a sign for it in others. */
function yesOrNo(token: string): boolean | undefined {
  const word = token.replace(/^[\s\u2581\u0120"'*(]+|[\s"'*).,!:;]+$/g, '').toLowerCase();
  return word === 'yes' ? true : word === 'no' ? false : undefined;
}

/** The first of the two words in a text; what a model thinks aloud is not its answer. */
function wordIn(text: string): boolean | undefined {
  const spoken = text.replace(/<think>[\s\S]*?(<\/think>|$)/gi, ' ');
  const word = /\b(yes|no)\b/i.exec(spoken)?.[1];
  return word === undefined ? undefined : word.toLowerCase() === 'yes';
}

/** Some gateways give the text in parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isRecord)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('');
}

function usageOf(value: unknown): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const { prompt_tokens: input, completion_tokens: output } = value;
  return isCount(input) ? { input, output: isCount(output) ? output : 0 } : undefined;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Error('the answer is no JSON');
  }
}

const brief = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 120);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
