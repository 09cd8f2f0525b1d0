/** A duration as people say it: `45 s`, `12 min`, `5 h 20 min`, `3 d 4 h`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 36) return two(hours, 'h', minutes % 60, 'min');
  const wholeHours = Math.round(minutes / 60);
  const days = Math.floor(wholeHours / 24);
  return days < 14 ? two(days, 'd', wholeHours % 24, 'h') : `${Math.round(wholeHours / 24)} d`;
}

/** A number of blocks with the time they take on this chain: `7200 blocks ≈ 1 d`. */
export function blocksText(blocks: number, blockMs: number): string {
  return `${blocks} block${blocks === 1 ? '' : 's'} ≈ ${durationText(blocks * blockMs)}`;
}

function two(first: number, unit: string, second: number, smaller: string): string {
  return second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;
}
