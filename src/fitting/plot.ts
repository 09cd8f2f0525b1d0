import type { Policy } from '../cascade/index.ts';

const [WIDTH, HEIGHT] = [60, 10];

/** Reward over time, for a terminal: `·` could be had, `●` is chosen. */
export function tradeOff(policies: readonly Policy[], chosen: Policy): string[] {
  const { x, y, most, least, slowest } = frame(policies);
  const cells = Array.from({ length: HEIGHT }, () => new Array<string>(WIDTH).fill(' '));
  const put = (policy: Policy, mark: string) => {
    const line = cells[HEIGHT - 1 - Math.round(y(policy) * (HEIGHT - 1))];
    if (line !== undefined) line[Math.round(x(policy) * (WIDTH - 1))] = mark;
  };
  for (const policy of policies) put(policy, '·');
  put(chosen, '●');
  const labels = [most.toFixed(3), least.toFixed(3)];
  const end = `${Math.round(slowest * 10) / 10} ms`;
  return [
    'reward',
    ...cells.map((line, index) => {
      const label = index === 0 ? labels[0] : index === HEIGHT - 1 ? labels[1] : '';
      return `${(label ?? '').padStart(6)} ┤${line.join('').trimEnd()}`;
    }),
    `       └${'─'.repeat(WIDTH)}`,
    `        0${end.padStart(WIDTH - 1)}`,
  ];
}

/** Where policies lie between nothing and the slowest, the worst and the best: 0 to 1. */
export function frame(policies: readonly Policy[]) {
  const rewards = policies.map(({ reward }) => reward);
  const [least, most] = [Math.min(...rewards), Math.max(...rewards)];
  const slowest = Math.max(...policies.map(({ latencyMs }) => latencyMs));
  return {
    least,
    most,
    slowest,
    x: ({ latencyMs }: Pick<Policy, 'latencyMs'>) => (slowest > 0 ? latencyMs / slowest : 0),
    y: ({ reward }: Pick<Policy, 'reward'>) =>
      most > least ? Math.max(0, Math.min(1, (reward - least) / (most - least))) : 1,
  };
}
