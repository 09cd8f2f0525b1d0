import type { ResultOf } from '../results/index.ts';

/** Which models a miner has, as lines. */
export function statusLines({
  live,
  configured,
  previous,
  candidate,
  busy,
  rules,
}: ResultOf<'deploy status'>): string[] {
  const lines = [
    `live       ${live.name} ${live.version} (${live.device}, ${live.precision}, ${live.inferMs.toFixed(1)} ms)`,
    `           ${live.dir}`,
  ];
  if (live.dir !== configured) {
    lines.push(
      `           promoted: it goes before ${configured} of the configuration, after a restart, too`,
    );
  }
  if (previous !== null) lines.push(`before     ${previous.name} ${previous.version}, ${previous.dir}`);
  if (candidate === null)
    return [...lines, `candidate  ${busy ? 'none yet: a change is under way' : 'none'}`];
  const { model, mode, share, since, figures, verdict, reasons } = candidate;
  const { answers, errors, p95Ms, compared, disagreed, probes } = figures;
  lines.push(
    `candidate  ${model.name} ${model.version}, ${mode} of ${(share * 100).toFixed(share < 0.01 ? 2 : 0)} % since ${localTime(since)}`,
    `           ${model.dir}`,
    `           ${answers} answers, ${errors} failed, 95 of 100 within ${p95Ms === null ? '–' : `${p95Ms.toFixed(0)} ms`} (most ${rules.maxLatencyMs} ms)`,
  );
  if (mode !== 'ab') {
    lines.push(`           decides otherwise than the live model on ${disagreed} of ${compared} pictures`);
  }
  if (probes !== null) {
    lines.push(
      `           labelled probes right: ${probes.candidateRight} of ${probes.of}, the live model ${probes.liveRight}`,
    );
  }
  return [
    ...lines,
    `verdict    ${verdict.toUpperCase()}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`,
  ];
}

/** With the offset of this machine's time zone. */
export function localTime(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const offset = `${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0')}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
  return `${local} ${minutes < 0 ? '-' : '+'}${offset}`;
}
