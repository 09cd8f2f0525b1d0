import type { ProgressRecord } from '../jobs/index.ts';

const BAR = 20;

/** One line for how far a job is: `train  ████░░  62 %  558/900  loss 0.412  acc 0.93  183 images/s  5 min left`. */
export function progressText(record: ProgressRecord, bar: boolean): string {
  const { phase, step, of, loss, metrics, rate, unit, eta, message } = record;
  const parts: string[] = [phase];
  if (step !== null && of !== null && of > 0) {
    const share = Math.min(1, step / of);
    if (bar) parts.push('█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░'));
    parts.push(`${Math.floor(share * 100)} %`, `${step}/${of}`);
  } else if (step !== null) parts.push(String(step));
  if (loss !== null) parts.push(`loss ${figure(loss)}`);
  for (const [name, value] of Object.entries(metrics).slice(0, 4)) parts.push(`${name} ${figure(value)}`);
  if (rate !== null) parts.push(`${figure(rate)} ${unit ?? '/s'}`);
  if (eta !== null) parts.push(`${duration(eta)} left`);
  if (message !== null) parts.push(message);
  return parts.join('  ');
}

/** Three digits that matter. */
function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  if (size !== 0 && size < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/** Seconds for people: `45 s`, `5 min`, `2 h 10 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}
