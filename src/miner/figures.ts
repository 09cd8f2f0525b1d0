import { sumOfStats } from '../cascade/index.ts';
import { type ClassifierStats, NO_PRIORS, type PriorReason } from '../inference/index.ts';
import type { EngineFigures } from '../monitor/index.ts';

/**
 * The figures of all engines as those of one. What was answered by a prior is counted where the answers come from.
 *
 * @param engines each engine once, however many groups use it
 * @param groups what answers, one for each group
 */
export function figuresOf(
  engines: readonly ClassifierStats[],
  groups: readonly { readonly profile: string; readonly stats: ClassifierStats }[],
): EngineFigures {
  const priors: Partial<Record<PriorReason, number>> = {};
  for (const { stats } of groups)
    for (const [reason, count] of Object.entries(stats.priors) as [PriorReason, number][])
      priors[reason] = (priors[reason] ?? 0) + count;
  const servers = engines.flatMap((engine) => engine.servers ?? []);
  const stages = groups.flatMap(({ profile, stats }) =>
    (stats.stages ?? []).map((stage) => ({ profile, ...stage })),
  );
  return {
    ...sumOfStats(engines),
    priors: { ...NO_PRIORS, ...priors },
    ...(servers.length > 0 && { servers }),
    ...(stages.length > 0 && { stages }),
  };
}
