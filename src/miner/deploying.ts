import type { VerifiedBundle } from '../bundle/index.ts';
import type { Settings } from '../config/index.ts';
import { type ControlServer, controlPlace, serveControl } from '../control/index.ts';
import {
  type DeployEvent,
  type DeployRules,
  type DeployService,
  identityOf,
  type ModelIdentity,
  nameOf,
  readPointer,
} from '../deploy/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { StoreWriter } from '../store/index.ts';
import type { Note } from './events.ts';
import type { ServedHotkey } from './identity.ts';
import type { ServePlan } from './plan.ts';

/** How often a model that is being tried is judged. */
export const JUDGE_EVERY_MS = 1_000;

/** The bundle that was promoted while the configuration named the same one as now; else the configured one. */
export async function promotedBundle(
  plan: ServePlan,
  pointerFile: string,
  check: (dir: string) => Promise<VerifiedBundle>,
  note: Note,
): Promise<VerifiedBundle> {
  const pointer = await readPointer(pointerFile);
  if (pointer === null) return check(plan.bundleDir);
  const { live, configured } = pointer;
  const since = new Date(pointer.at).toISOString();
  if (configured !== plan.bundleDir) {
    note('info', `${nameOf(live)}, promoted at ${since}, is not used: another bundle is configured since.`);
    return check(plan.bundleDir);
  }
  try {
    const bundle = await check(live.dir);
    demandSame(live, await identityOf(bundle));
    if (bundle.dir !== plan.bundleDir) note('info', `${nameOf(live)} is live, promoted at ${since}.`);
    return bundle;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    note('warning', `${nameOf(live)}, promoted at ${since}, cannot be used, but the configured one: ${why}`);
    return check(plan.bundleDir);
  }
}

function demandSame(promoted: ModelIdentity, found: ModelIdentity): void {
  if (promoted.manifestSha256 === found.manifestSha256) return;
  throw new Sv72Error('ERR_BUNDLE_DAMAGED', `${promoted.dir} holds another model than was promoted.`);
}

/** The section `deploy` of the configuration, in full. */
export function rulesOf({ profile }: ServePlan, { deploy }: Settings): DeployRules {
  return {
    minAnswers: deploy.min_answers,
    maxErrors: deploy.max_errors,
    maxLatencyMs: deploy.max_latency_ms ?? profile.answer_within_s * 500,
    maxDisagreement: deploy.max_disagreement,
    maxProbeLoss: deploy.max_probe_loss,
  };
}

/** Into the history, and to whoever watches. */
export function recordDeploy(
  event: DeployEvent,
  to: { readonly store: StoreWriter; readonly note: Note; readonly hotkeys: readonly ServedHotkey[] },
): void {
  const { at, action, model, share, why, figures } = event;
  const { name, version, dir, manifestSha256 } = model;
  to.store.deployed({
    at,
    miner: to.hotkeys.map(({ ss58 }) => ss58).join(','),
    action,
    model: { name, version },
    dir,
    manifestSha256,
    share,
    why,
    figures: figures === null ? null : JSON.stringify(figures),
  });
  const bad = action === 'auto-rollback' || action === 'refused';
  to.note(bad ? 'warning' : 'info', `Models: ${action} of ${nameOf(model)}: ${why}`);
}

/** Without it the models cannot be changed while it runs, which is no reason not to serve. */
export async function openControl(
  deploys: DeployService,
  note: Note,
  number: number,
): Promise<ControlServer | undefined> {
  try {
    return await serveControl(await controlPlace({ number }), deploys.handle);
  } catch (error) {
    note(
      'warning',
      `\`sv72 deploy\` will not work: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
