import { hash } from 'node:crypto';
import type { EngineReport, StartEngine } from './engine.ts';
import { EngineClassifier } from './engine-classifier.ts';
import { chatEngine } from './engines/onnx/host.ts';
import { type ChatServerSpec, QUESTION } from './engines/openai/spec.ts';
import { serverBase } from './engines/server/address.ts';
import { LATE } from './late.ts';
import type { ChatClassifierOptions, Classifier, ClassifierInfo } from './types.ts';

/**
 * Starts what asks a chat model about pictures, and waits until it answered a trial. Cache, deadline, prior and
 * statistics are those of every classifier; `info.bundle` names the model, which belongs to no bundle.
 *
 * @throws Sv72Error ERR_SERVER_URL, ERR_SERVER_CONSENT, ERR_SERVER_UNREACHABLE, ERR_SERVER_MODEL, ERR_SERVER_BUDGET, ERR_ENGINE_START
 */
export async function createChatClassifier(options: ChatClassifierOptions): Promise<Classifier> {
  const { server, limits = {} } = options;
  const start = chatEngine({
    spec: { server, pixels: limits.pixels ?? 50_000_000 },
    startMs: limits.startMs ?? 120_000,
  });
  if (options.late === true && server.model !== null) {
    const model = server.model;
    const expected = { model, by: 'logprobs' } as const;
    const info = infoOf(server, { ...LATE, engine: `chat model at ${server.url}`, chat: expected });
    return new EngineClassifier(info, [], asExpected(start, expected), {
      ...options,
      missing: serverBase(server),
    });
  }
  const engine = await start({});
  return new EngineClassifier(infoOf(server, engine.report), [engine], start, options);
}

/** What a server that comes late has must be what is known of it already: fits of cascades go by it. */
function asExpected(start: StartEngine, { model, by }: NonNullable<EngineReport['chat']>): StartEngine {
  return async (how) => {
    const engine = await start(how);
    const { chat } = engine.report;
    if (chat?.model === model && chat.by === by) return engine;
    await engine.close();
    throw new Error(
      `the server answers by ${chat?.by ?? 'nothing'}, without log-probabilities: start the miner again`,
    );
  };
}

function infoOf(server: ChatServerSpec, report: EngineReport): ClassifierInfo {
  const name = report.chat?.model ?? server.model ?? 'chat model';
  const { prompt = QUESTION, maxTokens = 1, imageSide = 1024 } = server;
  return {
    bundle: {
      name,
      version: '-',
      demo: false,
      sha256: hash(
        'sha256',
        JSON.stringify({ model: name, prompt, maxTokens, imageSide, by: report.chat?.by }),
      ),
    },
    engine: report.engine,
    device: report.device,
    deviceAttempts: [],
    precision: 'unknown',
    variant: {
      name: 'chat',
      why:
        report.chat?.by === 'word'
          ? 'Yes or No alone, since the server gives no log-probabilities'
          : 'the log-probabilities of Yes and No',
    },
    processes: 1,
    threads: 0,
    maxBatch: report.lanes ?? 1,
    inferMs: report.inferMs,
  };
}
