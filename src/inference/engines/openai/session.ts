import { performance } from 'node:perf_hooks';
import { Sv72Error } from '../../../errors/index.ts';
import type { EngineOutcome, Shown } from '../../engine.ts';
import { LATE } from '../../late.ts';
import { GREY_SIDE, greyPicture, type Picture, pictureOf } from '../../preprocess/picture.ts';
import { showBytes } from '../../shown-bytes.ts';
import { firstLine } from '../onnx/devices.ts';
import type { ChatSpec } from '../onnx/messages.ts';
import type { EngineWork } from '../onnx/work.ts';
import { serverBase } from '../server/address.ts';
import { ServerClient } from '../server/client.ts';
import { waitUntilReady } from '../server/ready.ts';
import { ServerFailure } from '../server/request.ts';
import { mostTokens } from './cost.ts';
import { type Dialect, dialectsOf, vendorOf } from './dialect.ts';
import { type ChatAnswer, decodeChat, decodeModels, encodeChat } from './protocol.ts';
import { type ChatServerSpec, QUESTION, type Vendor } from './spec.ts';
import { Till } from './till.ts';

/** For the trial at the start, ms. A first picture may have to wait until a server has compiled its kernels. */
const TRIAL_MS = 60_000;
const CHAT_PATH = '/chat/completions';

/**
 * A chat model on a server that speaks as OpenAI's does. The server must have the model, take a picture and answer Yes
 * or No to a grey one; which of its fields it takes is found out on the way.
 *
 * @throws Sv72Error ERR_SERVER_URL, ERR_SERVER_CONSENT, ERR_SERVER_UNREACHABLE, ERR_SERVER_MODEL, ERR_SERVER_BUDGET
 */
export async function openChatSession({ server, pixels, like }: ChatSpec): Promise<EngineWork> {
  const found = await findModel(server);
  const { base, model, vendor } = found;
  const till = openTill(server);
  const client = new ServerClient({
    base,
    model,
    token: server.token,
    tokens: () => till.tokens,
    spending: () => till.spending(),
  });
  const { prompt = QUESTION, maxTokens = 1, imageSide: side = 1024 } = server;

  const ask = async (picture: Picture, dialect: Dialect, leftMs: number): Promise<ChatAnswer> => {
    const most = mostTokens(picture.sent.width, picture.sent.height, prompt, maxTokens);
    const charge = till.reserve(most);
    try {
      const answer = await client.ask(
        {
          path: CHAT_PATH,
          headers: { 'content-type': 'application/json' },
          body: encodeChat({ model, prompt, maxTokens, jpeg: picture.jpeg }, dialect),
          leftMs,
          onRetry: (failure) => {
            if (failure.mayHaveWorked) till.paid(most);
          },
        },
        decodeChat,
      );
      charge(answer.usage ?? most);
      return answer;
    } catch (error) {
      charge(isPaid(error) ? most : NOTHING);
      throw error;
    }
  };

  const show = showBytes(pixels);
  const expected = like?.chat?.by ?? 'logprobs';
  const ofTrial = mostTokens(GREY_SIDE, GREY_SIDE, prompt, maxTokens);
  const nothingLeft = till.refusal(ofTrial) !== undefined;
  // Where no money is left the server cannot be tried: then before the first picture that there is money for.
  let trial: Promise<Trial> | undefined = nothingLeft ? undefined : tryOut(found, TRIAL_MS, ask);
  const first = await trial;
  const tried = async (leftMs: number): Promise<Trial> => {
    trial ??= tryOut(found, leftMs, ask).catch((error: unknown) => {
      trial = undefined;
      throw error;
    });
    const { by } = await trial;
    if (first === undefined && by !== expected) {
      throw new Error(
        `${base}: the server answers by ${by}, and what was assumed without money to ask it is ${expected}: start again`,
      );
    }
    return trial;
  };
  const one = async (shown: Shown, leftMs: number): Promise<EngineOutcome> => {
    const begun = performance.now();
    let picture: Picture;
    try {
      picture = await pictureOf(await show(shown), { pixels, side });
    } catch (error) {
      return { ok: false, reason: 'undecodable', detail: firstLine(error) };
    }
    const decodeMs = performance.now() - begun;
    const ofPicture = mostTokens(picture.sent.width, picture.sent.height, prompt, maxTokens);
    const refusal = till.refusal(ofPicture) ?? (trial === undefined ? till.refusal(ofTrial) : undefined);
    if (refusal !== undefined) return { ok: false, reason: 'over-budget', detail: `${base}: ${refusal}` };
    try {
      const end = begun + leftMs;
      const { dialect } = await tried(end - performance.now());
      const { probability } = await ask(picture, dialect, end - performance.now());
      const { width, height, format } = picture;
      return { ok: true, probability, width, height, format, decodeMs };
    } catch (error) {
      return { ok: false, reason: 'engine-failed', detail: firstLine(error) };
    }
  };

  return {
    report: {
      engine: `${vendor === 'generic' ? 'chat model' : vendor} at ${base}`,
      device: 'server',
      attempts: [],
      threads: 0,
      maxBatch: 1,
      lanes: server.concurrency ?? 8,
      inferMs: like?.inferMs ?? first?.ms ?? LATE.inferMs,
      batchMs: like?.batchMs ?? first?.ms ?? LATE.inferMs,
      chat: { model, by: first?.by ?? expected },
    },
    async run(images, leftMs) {
      const begun = performance.now();
      const outcomes = await Promise.all(images.map((shown) => one(shown, leftMs)));
      const decodeMs = Math.max(0, ...outcomes.map((o) => (o.ok ? o.decodeMs : 0)));
      return { outcomes, inferMs: performance.now() - begun - decodeMs };
    },
    health: () => client.health(),
    watch: (tell) => client.watch('/models', tell),
  };
}

const NOTHING = { input: 0, output: 0 };

/** Whether a request that failed may cost something: it was sent, and the server did not turn it away. */
function isPaid(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof ServerFailure ? cause.mayHaveWorked : cause !== undefined;
}

function openTill({ budget, url }: ChatServerSpec): Till {
  try {
    return new Till(budget);
  } catch (error) {
    throw new Sv72Error(
      'ERR_SERVER_BUDGET',
      `What ${new URL(url).host} costs cannot be written down: ${firstLine(error)}.`,
    );
  }
}

interface FoundModel {
  readonly base: string;
  readonly model: string;
  readonly vendor: Vendor;
}

/** The model there; where the address has no path and nothing answers under it, `/v1` is what it has everywhere. */
async function findModel(server: ChatServerSpec): Promise<FoundModel> {
  const given = serverBase(server);
  const bases = new URL(given).pathname === '/' ? [given, `${given}/v1`] : [given];
  for (const base of bases) {
    const client = new ServerClient({ base, model: server.model ?? '', token: server.token });
    const ready = await waitUntilReady(base, server.readyMs, () => client.get('/models'));
    if (ready === undefined && base !== bases.at(-1)) continue;
    const models = ready === undefined ? [] : listed(ready, base);
    if (models === undefined && base !== bases.at(-1)) continue;
    return { base, ...choose(models ?? [], server, base) };
  }
  throw new Error('unreachable');
}

function listed(body: Buffer, base: string): ReturnType<typeof decodeModels> | undefined {
  try {
    return decodeModels(body);
  } catch (error) {
    // Some other page may be under the address itself.
    if (new URL(base).pathname === '/') return undefined;
    throw new Sv72Error(
      'ERR_SERVER_UNREACHABLE',
      `The inference server ${base} does not speak as OpenAI's does: ${firstLine(error)}.`,
    );
  }
}

function choose(
  models: ReturnType<typeof decodeModels>,
  { model, vendor = 'auto' }: ChatServerSpec,
  base: string,
): Pick<FoundModel, 'model' | 'vendor'> {
  const names = models.map(({ id }) => id);
  const found =
    model === null ? (models.length === 1 ? models[0] : undefined) : models.find((m) => m.id === model);
  // A gateway may answer for models that it does not list, or list none at all; the trial shows it.
  const name = found?.id ?? (models.length === 0 ? model : null);
  if (name === null) {
    const has = names.length === 0 ? 'it lists none' : `it has ${names.slice(0, 5).join(', ')}`;
    throw new Sv72Error(
      'ERR_SERVER_MODEL',
      model === null
        ? `Which model of ${base} to ask is not said, and ${has}${names.length > 5 ? ' and others' : ''}.`
        : `The inference server ${base} has no model "${model}": ${has}.`,
      { details: { server: base, models: names.slice(0, 50) } },
    );
  }
  return { model: name, vendor: vendor === 'auto' ? vendorOf(found?.owner ?? models[0]?.owner) : vendor };
}

interface Trial {
  readonly dialect: Dialect;
  readonly by: ChatAnswer['by'];
  readonly ms: number;
}

/** A grey picture, in the best of the dialects that the server does not refuse. */
async function tryOut(
  { base, model, vendor }: FoundModel,
  leftMs: number,
  ask: (picture: Picture, dialect: Dialect, leftMs: number) => Promise<ChatAnswer>,
): Promise<Trial> {
  const grey = await pictureOf(await greyPicture(), { pixels: 1e6, side: 1024 });
  const dialects = dialectsOf(vendor);
  const end = performance.now() + leftMs;
  let refusal = '';
  for (const dialect of dialects) {
    const started = performance.now();
    try {
      const { by } = await ask(grey, dialect, end - started);
      return { dialect, by, ms: performance.now() - started };
    } catch (error) {
      refusal ||= firstLine(error);
      const status =
        error instanceof Error && error.cause instanceof ServerFailure ? error.cause.status : undefined;
      if (status !== 400 && status !== 422) {
        refusal = firstLine(error);
        break;
      }
    }
  }
  throw new Sv72Error(
    'ERR_SERVER_MODEL',
    `The model "${model}" does not answer a trial with a grey picture: ${refusal}.`,
    { details: { server: base, model } },
  );
}
