import { hash } from 'node:crypto';
import { EngineClassifier } from './engine-classifier.ts';
import { chatEngine } from './engines/onnx/host.ts';
import { QUESTION } from './engines/openai/spec.ts';
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
  const engine = await start({});
  const { report } = engine;
  const name = report.chat?.model ?? server.model ?? 'chat model';
  const { prompt = QUESTION, maxTokens = 1, imageSide = 1024 } = server;
  const info: ClassifierInfo = {
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
  return new EngineClassifier(info, [engine], start, options);
}
