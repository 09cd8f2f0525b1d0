import type { VerifiedBundle } from '../bundle/index.ts';
import { type Classifier, createClassifier, type EngineEvent } from '../inference/index.ts';
import type { Note } from './events.ts';
import type { ServePlan } from './plan.ts';

/**
 * Opens what answers pictures, as the plan's profile wants it, with this bundle.
 *
 * @throws what `createClassifier` throws
 */
export function openClassifier(plan: ServePlan, bundle: VerifiedBundle, note: Note): Promise<Classifier> {
  const { profile } = plan;
  return createClassifier({
    bundle,
    device: profile.device,
    precision: profile.precision,
    variant: profile.variant,
    ...(plan.server && { server: { ...plan.server, model: plan.server.model ?? bundle.manifest.name } }),
    threads: profile.threads,
    processes: profile.processes,
    prior: profile.prior,
    cache: { entries: profile.cache_entries, ttlMs: profile.cache_ttl_s * 1_000 },
    onEvent: (event) => noteEngine(event, note),
  });
}

function noteEngine(event: EngineEvent, note: Note): void {
  if (event.kind === 'lost') {
    note('warning', `The engine process ${event.pid} is gone (${event.reason}) and is being replaced.`);
  } else if (event.kind === 'start-failed') {
    note('warning', `An engine process could not start (${event.reason}); next try in ${event.retryMs} ms.`);
  }
}
