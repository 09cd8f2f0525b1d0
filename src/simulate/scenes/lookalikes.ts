import type { Random } from '../random.ts';
import { grey, hsl, safetyOrange } from './colour.ts';
import type { Prop } from './stage.ts';
import { box, disc, oval, polygon, stroke } from './svg.ts';

/** Street furniture that shares colour or shape with road works and is none: the hard negatives, in metres. */

const warm = (rng: Random): string => hsl(rng.uniform(0, 48), rng.uniform(0.75, 1), rng.uniform(0.42, 0.55));

function trafficLight(rng: Random): Prop {
  const lit = rng.integer(0, 2);
  const lamps = ['#ff2a1f', '#ffb000', '#22d36b'].map((c, i) =>
    disc(0, -3.0 + i * 0.34, 0.12, i === lit ? c : grey(0.2)),
  );
  return {
    width: 0.5,
    height: 3.3,
    svg:
      box(-0.06, -3, 0.12, 3, grey(0.3)) +
      box(-0.22, -3.3, 0.44, 1.2, '#151515', { round: 0.08 }) +
      lamps.join(''),
  };
}

function roundSign(rng: Random): Prop {
  const up = rng.uniform(1.7, 2.3);
  const red = hsl(rng.uniform(0, 8), 0.85, 0.45);
  const face = rng.chance(0.5)
    ? disc(0, -up, 0.4, red) + box(-0.28, -up - 0.07, 0.56, 0.14, '#ffffff')
    : disc(0, -up, 0.4, red) + disc(0, -up, 0.28, '#f7f7f2') + box(-0.14, -up - 0.12, 0.1, 0.24, '#111');
  return { width: 0.8, height: up + 0.4, svg: box(-0.04, -up, 0.08, up, grey(0.5)) + face };
}

function stopSign(rng: Random): Prop {
  const up = rng.uniform(1.7, 2.2);
  const octagon = (r: number, fill: string): string =>
    polygon(
      Array.from({ length: 8 }, (_, i) => {
        const a = (Math.PI / 4) * i + Math.PI / 8;
        return [r * Math.cos(a), -up + r * Math.sin(a)] as const;
      }),
      fill,
    );
  return {
    width: 0.9,
    height: up + 0.45,
    svg:
      box(-0.04, -up, 0.08, up, grey(0.5)) +
      octagon(0.46, '#f7f7f2') +
      octagon(0.41, hsl(rng.uniform(0, 6), 0.85, 0.42)) +
      box(-0.28, -up - 0.08, 0.56, 0.16, '#f7f7f2'),
  };
}

/** The permanent yellow diamond (priority road, warning), tall on a thin post. */
function yellowDiamond(rng: Random): Prop {
  const up = rng.uniform(2.0, 2.5);
  const r = rng.uniform(0.4, 0.5);
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
  return {
    width: 2 * r,
    height: up + r,
    svg:
      box(-0.04, -up, 0.08, up, grey(0.5)) +
      diamond(r, rng.chance(0.5) ? '#f7f7f2' : '#111111') +
      diamond(r * 0.8, hsl(rng.uniform(44, 54), 0.95, 0.5)),
  };
}

function bin(rng: Random): Prop {
  const h = rng.uniform(0.9, 1.15);
  const fill = rng.chance(0.6) ? warm(rng) : hsl(rng.uniform(90, 220), 0.4, 0.3);
  return {
    width: 0.62,
    height: h,
    svg:
      polygon(
        [
          [-0.24, 0],
          [0.24, 0],
          [0.3, -h + 0.1],
          [-0.3, -h + 0.1],
        ],
        fill,
      ) +
      box(-0.34, -h, 0.68, 0.14, grey(0.2), { round: 0.05 }) +
      disc(-0.2, -0.05, 0.08, '#111'),
  };
}

function hydrant(rng: Random): Prop {
  const fill = warm(rng);
  return {
    width: 0.55,
    height: 0.8,
    svg:
      box(-0.2, -0.08, 0.4, 0.08, fill) +
      box(-0.14, -0.65, 0.28, 0.6, fill, { round: 0.04 }) +
      box(-0.27, -0.52, 0.54, 0.15, fill, { round: 0.05 }) +
      oval(0, -0.65, 0.16, 0.14, fill),
  };
}

function bollard(rng: Random): Prop {
  const h = rng.uniform(0.8, 1.05);
  return {
    width: 0.2,
    height: h,
    svg:
      box(-0.09, -h, 0.18, h, grey(rng.uniform(0.12, 0.45)), { round: 0.08 }) +
      box(-0.09, -h * 0.82, 0.18, 0.09, rng.chance(0.5) ? '#e8e8e4' : warm(rng)),
  };
}

/** A white roadside post with a dark band and a reflector. */
function delineator(rng: Random): Prop {
  const h = rng.uniform(0.95, 1.1);
  return {
    width: 0.14,
    height: h,
    svg:
      box(-0.065, -h, 0.13, h, '#efefea', { round: 0.03 }) +
      box(-0.065, -h * 0.85, 0.13, 0.24, '#161616') +
      box(-0.03, -h * 0.8, 0.06, 0.15, safetyOrange(rng)),
  };
}

/** Somebody in an orange or red coat: no bands, no helmet. */
function pedestrian(rng: Random): Prop {
  const coat = rng.chance(0.7) ? warm(rng) : hsl(rng.uniform(0, 360), 0.4, 0.35);
  const trousers = grey(rng.uniform(0.1, 0.35));
  return {
    width: 0.6,
    height: 1.75,
    svg:
      box(-0.18, -0.75, 0.15, 0.75, trousers) +
      box(0.03, -0.75, 0.15, 0.75, trousers) +
      polygon(
        [
          [-0.3, -0.6],
          [0.3, -0.6],
          [0.2, -1.45],
          [-0.2, -1.45],
        ],
        coat,
      ) +
      stroke(
        [
          [-0.2, -1.35],
          [-0.33, -0.85],
        ],
        coat,
        0.12,
      ) +
      stroke(
        [
          [0.2, -1.35],
          [0.33, -0.85],
        ],
        coat,
        0.12,
      ) +
      disc(0, -1.6, 0.13, hsl(25, 0.4, rng.uniform(0.3, 0.7))) +
      oval(0, -1.68, 0.14, 0.09, hsl(25, 0.5, rng.uniform(0.08, 0.4))),
  };
}

function billboard(rng: Random): Prop {
  const w = rng.uniform(1.8, 3);
  const h = rng.uniform(1.2, 1.8);
  const inner =
    box(-w * 0.38, -2.1 - h * 0.75, w * 0.45, h * 0.2, '#f7f7f2') +
    disc(w * 0.25, -2.1 - h * 0.4, h * 0.25, warm(rng));
  return {
    width: w,
    height: 2.1 + h,
    svg: box(-0.08, -2.2, 0.16, 2.2, grey(0.35)) + box(-w / 2, -2.1 - h, w, h, warm(rng)) + inner,
  };
}

/** A tree whose leaves are green, or as orange as a cone. */
export function tree(rng: Random, autumn: boolean): Prop {
  const h = rng.uniform(3, 5.5);
  const leaf = (): string =>
    autumn
      ? hsl(rng.uniform(14, 48), rng.uniform(0.6, 0.9), rng.uniform(0.32, 0.5))
      : hsl(rng.uniform(80, 135), rng.uniform(0.25, 0.5), rng.uniform(0.15, 0.33));
  const crown = Array.from({ length: 6 }, () =>
    oval(
      rng.uniform(-0.8, 0.8),
      -h + rng.uniform(0, h * 0.4),
      rng.uniform(0.6, 1.1),
      rng.uniform(0.5, 0.9),
      leaf(),
    ),
  );
  return {
    width: 2.4,
    height: h + 0.5,
    svg: box(-0.12, -h * 0.7, 0.24, h * 0.7, hsl(25, 0.35, 0.2)) + crown.join(''),
  };
}

export const LOOKALIKES = [
  trafficLight,
  roundSign,
  stopSign,
  yellowDiamond,
  bin,
  hydrant,
  bollard,
  delineator,
  pedestrian,
  billboard,
] as const;
