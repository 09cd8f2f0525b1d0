import type { Random } from '../random.ts';
import { grey, hsl, safetyOrange } from './colour.ts';
import type { Prop } from './stage.ts';
import { box, disc, group, oval, polygon, stroke } from './svg.ts';

/** What makes a street a work site: each drawn in metres, foot in the origin. */

const WHITE = '#f4f4f0';

export function cone(rng: Random): Prop {
  const h = rng.uniform(0.75, 1.0);
  const foot = 0.22;
  const tip = 0.035;
  const half = (up: number): number => foot + (tip - foot) * (up / h);
  const orange = safetyOrange(rng);
  const band = (from: number, to: number): string =>
    polygon(
      [
        [-half(from * h), -from * h],
        [half(from * h), -from * h],
        [half(to * h), -to * h],
        [-half(to * h), -to * h],
      ],
      WHITE,
    );
  const stripes = rng.chance(0.3) ? band(0.42, 0.66) : band(0.3, 0.46) + band(0.6, 0.76);
  return {
    width: 0.62,
    height: h,
    svg:
      box(-0.31, -0.06, 0.62, 0.07, rng.chance(0.5) ? '#222222' : orange, { round: 0.02 }) +
      polygon(
        [
          [-foot, -0.05],
          [foot, -0.05],
          [tip, -h],
          [-tip, -h],
        ],
        orange,
      ) +
      stripes,
  };
}

export function barrel(rng: Random): Prop {
  const h = rng.uniform(0.95, 1.1);
  const orange = safetyOrange(rng);
  const ring = (from: number, to: number): string => box(-0.27, -to * h, 0.54, (to - from) * h, WHITE);
  return {
    width: 0.62,
    height: h,
    svg:
      box(-0.33, -0.1, 0.66, 0.1, '#1d1d1d', { round: 0.03 }) +
      box(-0.28, -h, 0.56, h - 0.08, orange, { round: 0.07 }) +
      ring(0.3, 0.46) +
      ring(0.62, 0.78) +
      box(-0.1, -h - 0.08, 0.2, 0.08, orange, { round: 0.03 }),
  };
}

/** A board with slanted stripes, clipped to its outline. */
function stripedBoard(x: number, top: number, w: number, h: number, colour: string, id: string): string {
  const stripes: string[] = [];
  const step = h * 1.1;
  for (let at = x - h; at < x + w + h; at += step) {
    stripes.push(
      polygon(
        [
          [at, top + h],
          [at + step / 2, top + h],
          [at + step / 2 + h, top],
          [at + h, top],
        ],
        colour,
      ),
    );
  }
  return (
    `<clipPath id="${id}">${box(x, top, w, h, '#000')}</clipPath>` +
    box(x, top, w, h, WHITE) +
    `<g clip-path="url(#${id})">${stripes.join('')}</g>`
  );
}

export function barrier(rng: Random, id: string): Prop {
  const w = rng.uniform(1.4, 2.1);
  const colour = rng.chance(0.5) ? safetyOrange(rng) : hsl(rng.uniform(0, 6), 0.85, 0.45);
  const legs = rng.pick([grey(0.25), grey(0.6), colour]);
  const boards = rng.chance(0.55) ? [0.98, 0.52] : [0.95];
  const h = rng.uniform(0.26, 0.34);
  const leg = (x: number): string =>
    stroke(
      [
        [x - 0.12, 0],
        [x, -1.05],
        [x + 0.12, 0],
      ],
      legs,
      0.06,
    );
  const lamp = rng.chance(0.4) ? disc(-w / 2 + 0.12, -1.18, 0.11, '#ffb300') : '';
  return {
    width: w,
    height: 1.1,
    svg:
      leg(-w / 2 + 0.22) +
      leg(w / 2 - 0.22) +
      boards.map((up, i) => stripedBoard(-w / 2, -up - h / 2, w, h, colour, `${id}b${i}`)).join('') +
      lamp,
  };
}

/** Interlocking plastic blocks, red and white in turn. */
export function blocks(rng: Random): Prop {
  const count = rng.integer(2, 4);
  const colour = rng.chance(0.5) ? safetyOrange(rng) : hsl(2, 0.8, 0.45);
  const parts: string[] = [];
  for (let i = 0; i < count; i++) {
    const x = (i - count / 2) * 0.95;
    const fill = i % 2 === 0 ? colour : WHITE;
    parts.push(
      polygon(
        [
          [x, 0],
          [x + 0.95, 0],
          [x + 0.86, -0.8],
          [x + 0.09, -0.8],
        ],
        fill,
      ),
      box(x + 0.3, -0.42, 0.35, 0.16, grey(0.25), { round: 0.05 }),
    );
  }
  return { width: count * 0.95, height: 0.8, svg: parts.join('') };
}

/** The orange diamond on a spring stand. */
export function worksSign(rng: Random): Prop {
  const orange = safetyOrange(rng);
  const up = rng.uniform(1.15, 1.5);
  const r = rng.uniform(0.62, 0.72);
  const diamond = (size: number, fill: string): string =>
    polygon(
      [
        [0, -up - size],
        [size, -up],
        [0, -up + size],
        [-size, -up],
      ],
      fill,
    );
  const digger =
    disc(-0.06, -up - 0.28, 0.09, '#111111') +
    stroke(
      [
        [-0.08, -up - 0.16],
        [-0.02, -up + 0.08],
        [-0.16, -up + 0.3],
      ],
      '#111111',
      0.1,
    ) +
    stroke(
      [
        [-0.02, -up + 0.08],
        [0.1, -up + 0.3],
      ],
      '#111111',
      0.1,
    ) +
    stroke(
      [
        [-0.06, -up - 0.1],
        [0.24, -up + 0.2],
      ],
      '#111111',
      0.07,
    ) +
    polygon(
      [
        [0.16, -up + 0.32],
        [0.4, -up + 0.32],
        [0.28, -up + 0.14],
      ],
      '#111111',
    );
  const bars = [-0.2, 0, 0.2].map((y) => box(-0.3, -up + y - 0.05, 0.6, 0.1, '#111111')).join('');
  return {
    width: 2 * r,
    height: up + r,
    svg:
      stroke(
        [
          [-0.4, 0],
          [0, -0.5],
          [0.4, 0],
        ],
        grey(0.3),
        0.06,
      ) +
      stroke(
        [
          [0, -0.5],
          [0, -up],
        ],
        grey(0.3),
        0.07,
      ) +
      diamond(r, '#111111') +
      diamond(r - 0.06, orange) +
      (rng.chance(0.7) ? digger : bars),
  };
}

/** The European form: a red-edged triangle with a digging man, on its own post with a striped foot board. */
export function worksTriangle(rng: Random, id: string): Prop {
  const up = rng.uniform(0.95, 1.25);
  const r = 0.62;
  const triangle = (size: number, fill: string): string =>
    polygon(
      [
        [0, -up - size * 1.15],
        [size, -up + size * 0.58],
        [-size, -up + size * 0.58],
      ],
      fill,
    );
  return {
    width: 2 * r,
    height: up + r,
    svg:
      stroke(
        [
          [0, 0],
          [0, -up],
        ],
        grey(0.45),
        0.07,
      ) +
      stripedBoard(-0.6, -0.42, 1.2, 0.26, hsl(3, 0.85, 0.45), `${id}t`) +
      triangle(r, hsl(3, 0.85, 0.45)) +
      triangle(r * 0.7, '#f6f3e6') +
      disc(-0.04, -up - 0.2, 0.08, '#111111') +
      stroke(
        [
          [-0.06, -up - 0.1],
          [0, -up + 0.08],
          [-0.12, -up + 0.28],
        ],
        '#111111',
        0.09,
      ) +
      stroke(
        [
          [0, -up + 0.08],
          [0.1, -up + 0.28],
        ],
        '#111111',
        0.09,
      ) +
      stroke(
        [
          [-0.06, -up - 0.05],
          [0.2, -up + 0.18],
        ],
        '#111111',
        0.06,
      ),
  };
}

/** Somebody in a vest with bands and a helmet. */
export function worker(rng: Random): Prop {
  const vest = rng.chance(0.6) ? safetyOrange(rng) : hsl(rng.uniform(62, 80), 0.95, 0.52);
  const trousers = rng.chance(0.4) ? vest : hsl(215, 0.35, rng.uniform(0.15, 0.3));
  const helmet = rng.pick(['#ffd21f', '#ffffff', safetyOrange(rng)]);
  const lean = rng.uniform(-0.1, 0.1);
  const tool = rng.chance(0.6)
    ? stroke(
        [
          [0.2, -1.15],
          [0.55, -0.05],
        ],
        '#5b3a1c',
        0.05,
      ) + box(0.45, -0.14, 0.22, 0.14, grey(0.3))
    : '';
  return {
    width: 0.8,
    height: 1.85,
    svg:
      box(-0.21, -0.85, 0.18, 0.85, trousers) +
      box(0.03, -0.85, 0.18, 0.85, trousers) +
      box(-0.28, -1.5, 0.56, 0.7, vest, { round: 0.08 }) +
      box(-0.28, -1.06, 0.56, 0.08, WHITE) +
      box(-0.17, -1.5, 0.08, 0.68, WHITE) +
      box(0.09, -1.5, 0.08, 0.68, WHITE) +
      stroke(
        [
          [-0.26, -1.4],
          [-0.4 + lean, -0.95],
        ],
        vest,
        0.13,
      ) +
      stroke(
        [
          [0.26, -1.4],
          [0.38 + lean, -1.0],
        ],
        vest,
        0.13,
      ) +
      tool +
      disc(0, -1.66, 0.13, hsl(25, 0.4, rng.uniform(0.3, 0.7))) +
      polygon(
        [
          [-0.2, -1.68],
          [0.22, -1.68],
          [0.13, -1.84],
          [-0.12, -1.84],
        ],
        helmet,
      ),
  };
}

export function excavator(rng: Random): Prop {
  const paint = hsl(rng.uniform(32, 50), 0.95, 0.5);
  const svg =
    box(-1.3, -0.55, 2.6, 0.55, '#1c1c1c', { round: 0.27 }) +
    [-0.95, -0.3, 0.35, 0.95].map((x) => disc(x, -0.27, 0.17, grey(0.4))).join('') +
    box(-1.3, -1.25, 2.2, 0.72, paint, { round: 0.08 }) +
    box(-0.15, -2.3, 1.0, 1.1, paint, { round: 0.08 }) +
    box(-0.02, -2.15, 0.72, 0.65, '#9fc3d6') +
    stroke(
      [
        [0.75, -1.2],
        [1.7, -2.9],
        [2.6, -1.9],
      ],
      paint,
      0.3,
    ) +
    stroke(
      [
        [2.6, -1.9],
        [2.45, -0.9],
      ],
      paint,
      0.22,
    ) +
    polygon(
      [
        [2.1, -0.95],
        [2.75, -0.9],
        [2.6, -0.35],
        [2.15, -0.45],
      ],
      '#333333',
    );
  return { width: 4, height: 2.9, svg: rng.chance(0.5) ? svg : group(svg, 'scale(-1 1)') };
}

/** A trailer with a lit arrow. */
export function arrowBoard(rng: Random): Prop {
  const lamp = rng.pick(['#ffc400', '#ffe082', '#ff9800']);
  const dots = [
    [-0.6, 0],
    [-0.3, 0],
    [0, 0],
    [0.3, 0],
    [0.6, 0],
    [0.36, -0.22],
    [0.36, 0.22],
    [0.14, -0.4],
    [0.14, 0.4],
  ] as const;
  const arrow = dots.map(([x, y]) => disc(x, -1.75 + y, 0.085, lamp)).join('');
  return {
    width: 2,
    height: 2.4,
    svg:
      box(-0.7, -0.6, 1.4, 0.3, safetyOrange(rng)) +
      disc(-0.5, -0.18, 0.18, '#161616') +
      disc(0.5, -0.18, 0.18, '#161616') +
      stroke(
        [
          [0, -0.6],
          [0, -1.4],
        ],
        grey(0.3),
        0.12,
      ) +
      box(-1, -2.4, 2, 1.3, '#161616', { round: 0.06 }) +
      (rng.chance(0.5) ? arrow : group(arrow, 'scale(-1 1)')),
  };
}

/** Broken asphalt and a heap of earth. */
export function spoilHeap(rng: Random): Prop {
  const earth = hsl(rng.uniform(22, 35), rng.uniform(0.25, 0.45), rng.uniform(0.25, 0.38));
  const h = rng.uniform(0.5, 0.9);
  return {
    width: 2.4,
    height: h,
    svg:
      oval(0, 0, 1.5, 0.2, '#1b1714') +
      polygon(
        [
          [-1.2, 0.05],
          [-0.7, -0.6 * h],
          [-0.1, -h],
          [0.5, -0.7 * h],
          [1.2, 0.05],
        ],
        earth,
      ),
  };
}
