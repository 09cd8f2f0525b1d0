import type { Random } from '../random.ts';
import { carPaint, grey, hsl } from './colour.ts';
import type { Prop } from './stage.ts';
import { box, disc, oval, polygon } from './svg.ts';

/** Cars and buses as seen from behind or in front, in metres. */

export function car(rng: Random): Prop {
  const w = rng.uniform(1.7, 1.95);
  const h = rng.uniform(1.4, 1.75);
  const body = carPaint(rng);
  const glass = hsl(205, 0.25, rng.uniform(0.15, 0.6));
  const lamps = rng.chance(0.6) ? '#d0121b' : '#fff6cf';
  const half = w / 2;
  return {
    width: w,
    height: h,
    svg:
      oval(0, -0.02, half * 1.08, 0.12, '#000', 'opacity="0.45"') +
      box(-half + 0.08, -0.45, 0.26, 0.45, '#141414') +
      box(half - 0.34, -0.45, 0.26, 0.45, '#141414') +
      polygon(
        [
          [-half * 0.92, -0.85],
          [-half * 0.68, -h],
          [half * 0.68, -h],
          [half * 0.92, -0.85],
        ],
        body,
      ) +
      polygon(
        [
          [-half * 0.78, -0.9],
          [-half * 0.6, -h + 0.1],
          [half * 0.6, -h + 0.1],
          [half * 0.78, -0.9],
        ],
        glass,
      ) +
      box(-half, -0.92, w, 0.65, body, { round: 0.14 }) +
      box(-half + 0.06, -0.82, 0.3, 0.18, lamps, { round: 0.04 }) +
      box(half - 0.36, -0.82, 0.3, 0.18, lamps, { round: 0.04 }) +
      box(-0.26, -0.62, 0.52, 0.14, '#eeeeea') +
      box(-half, -0.36, w, 0.12, grey(0.18)),
  };
}

export function bus(rng: Random): Prop {
  const w = 2.5;
  const h = rng.uniform(2.7, 3.2);
  const body = rng.chance(0.6) ? hsl(rng.uniform(15, 50), 0.9, 0.5) : carPaint(rng);
  return {
    width: w,
    height: h,
    svg:
      oval(0, -0.02, 1.35, 0.14, '#000', 'opacity="0.45"') +
      box(-1.1, -0.5, 0.34, 0.5, '#141414') +
      box(0.76, -0.5, 0.34, 0.5, '#141414') +
      box(-w / 2, -h, w, h - 0.3, body, { round: 0.16 }) +
      box(-w / 2 + 0.16, -h + 0.35, w - 0.32, 1.0, hsl(205, 0.2, 0.25), { round: 0.08 }) +
      disc(-0.98, -0.75, 0.13, '#d0121b') +
      disc(0.98, -0.75, 0.13, '#d0121b') +
      box(-0.3, -0.65, 0.6, 0.16, '#eeeeea'),
  };
}

export function van(rng: Random): Prop {
  const w = 2.0;
  const h = rng.uniform(2.0, 2.5);
  const body = rng.chance(0.5) ? grey(rng.uniform(0.75, 0.95)) : carPaint(rng);
  return {
    width: w,
    height: h,
    svg:
      oval(0, -0.02, 1.1, 0.13, '#000', 'opacity="0.45"') +
      box(-0.92, -0.45, 0.28, 0.45, '#141414') +
      box(0.64, -0.45, 0.28, 0.45, '#141414') +
      box(-w / 2, -h, w, h - 0.28, body, { round: 0.1 }) +
      box(-w / 2 + 0.15, -h + 0.22, w / 2 - 0.2, 0.65, hsl(205, 0.2, 0.25)) +
      box(0.05, -h + 0.22, w / 2 - 0.2, 0.65, hsl(205, 0.2, 0.25)) +
      box(-w / 2 + 0.05, -1.1, 0.16, 0.42, '#d0121b') +
      box(w / 2 - 0.21, -1.1, 0.16, 0.42, '#d0121b'),
  };
}
