import type { DownServer, ServerStatus } from './status.ts';
import type { UpServer } from './up.ts';
import { gib, type PlacedModel, type VramPlan } from './vram/plan.ts';

/** How servers came to run, a line each. */
export function upLines(servers: readonly UpServer[]): string[] {
  const how = {
    started: 'started',
    running: 'runs already',
    adopted: 'somebody else’s, adopted',
  };
  return servers.map(({ id, kind, model, url, state, gpu, seconds }) => {
    const where = state === 'adopted' ? '' : gpu === null ? ', CPU' : `, GPU ${gpu}`;
    return `${id.padEnd(16)} ${kind} with ${model} at ${url}: ${how[state]}${state === 'started' ? ` in ${seconds.toFixed(1)} s` : ''}${where}`;
  });
}

export function downLines(servers: readonly DownServer[]): string[] {
  return servers.map(
    ({ id, container, was, gone }) =>
      `${id.padEnd(16)} ${was ? (gone ? `${container} is stopped and removed` : `${container} could not be removed`) : 'no container of sv72'}`,
  );
}

export function statusLines(servers: readonly ServerStatus[]): string[] {
  return servers.flatMap(({ id, kind, model, url, answers, why, container, current }) => {
    const state = {
      ready: 'READY',
      loading: `LOADING (${why ?? ''})`,
      other: `WRONG (${why ?? ''})`,
      absent: 'DOWN',
    };
    const box =
      container === null
        ? answers === 'absent'
          ? 'no container'
          : 'not started by sv72'
        : [
            `${container.name} ${container.state}`,
            ...(container.exitCode === null ? [] : [`exit code ${container.exitCode}`]),
            ...(container.restarts === 0 ? [] : [`started again ${container.restarts} times`]),
            container.image,
            container.gpu === null ? 'CPU' : `GPU ${container.gpu}`,
            ...(current === false ? ['started with other settings'] : []),
          ].join(', ');
    return [`${id.padEnd(16)} ${state[answers]}  ${kind} with ${model} at ${url}`, `${''.padEnd(16)} ${box}`];
  });
}

/** A plan of memory for people: a block for each GPU, then what to change. */
export function planLines({ fits, gpus, models, problems, advice }: VramPlan): string[] {
  const lines: string[] = [];
  for (const gpu of gpus) {
    lines.push(
      `GPU ${gpu.index}  ${gpu.name}: ${gib(gpu.freeBytes)} of ${gib(gpu.memoryBytes)} free, ${gib(gpu.marginBytes)} kept free`,
    );
    const here = models.filter(({ gpu: at }) => at === gpu.index);
    for (const model of here) lines.push(...modelLines(model));
    lines.push(gpu.leftBytes >= 0 ? `  left ${gib(gpu.leftBytes)}` : `  MISSING ${gib(-gpu.leftBytes)}`);
  }
  const others = models.filter(({ gpu }) => gpu === null);
  if (others.length > 0) {
    lines.push(gpus.length === 0 ? 'No GPU here; on the CPU:' : 'On the CPU:');
    for (const { what } of others) lines.push(`  ${what}`);
  }
  lines.push(fits ? 'It fits.' : 'IT DOES NOT FIT:');
  for (const problem of problems) lines.push(`  ${problem}`);
  for (const word of advice) lines.push(`  - ${word}`);
  return lines;
}

function modelLines(model: PlacedModel): string[] {
  const { what, kind, bytes, weightsBytes, runtimeBytes, kvBytes, kvTokens, holds, running, from } = model;
  const parts = [
    `weights ${gib(weightsBytes)}${from === 'name' ? ' (by its name)' : ''}`,
    `program ${gib(runtimeBytes)}`,
    ...(holds === null ? [] : [`KV cache ${gib(kvBytes)} = ${kvTokens} tokens`]),
  ];
  const told =
    kind === 'vllm' && model.share !== null
      ? [`    --gpu-memory-utilization ${model.share} --kv-cache-memory-bytes ${kvBytes}`]
      : [];
  return [`  ${what}${running ? ' (runs)' : ''}: ${gib(bytes)} (${parts.join(', ')})`, ...told];
}
