import type { Random } from '../random.ts';
import { grey, hsl } from './colour.ts';
import { tree } from './lookalikes.ts';
import { CANVAS, type Placed, type Stage } from './stage.ts';
import { box, disc, oval, polygon } from './svg.ts';

/** Light of the day: everything that is drawn is dimmed and tinted with it afterwards. */
export interface Light {
  readonly sky: readonly [top: string, bottom: string];
  readonly ground: string;
  readonly asphalt: string;
  readonly gain: number;
  readonly tint: readonly [number, number, number];
}

export function pickLight(rng: Random): Light {
  const kind = rng.pick(['clear', 'clear', 'overcast', 'overcast', 'evening', 'night', 'snow']);
  const asphalt = grey(rng.uniform(0.22, 0.42));
  const grass = hsl(rng.uniform(55, 110), rng.uniform(0.15, 0.4), rng.uniform(0.22, 0.4));
  const pavement = grey(rng.uniform(0.45, 0.65));
  const ground = rng.chance(0.5) ? grass : pavement;
  const tint = (r: number, b: number): readonly [number, number, number] => [r, 1, b];
  switch (kind) {
    case 'overcast':
      return {
        sky: [grey(rng.uniform(0.55, 0.75)), grey(rng.uniform(0.7, 0.85))],
        ground,
        asphalt,
        gain: rng.uniform(0.75, 0.95),
        tint: tint(0.97, 1.03),
      };
    case 'evening':
      return {
        sky: [hsl(225, 0.35, 0.4), hsl(25, 0.7, 0.65)],
        ground,
        asphalt,
        gain: rng.uniform(0.62, 0.85),
        tint: tint(1.1, 0.88),
      };
    case 'night':
      return {
        sky: [hsl(230, 0.4, 0.08), hsl(230, 0.3, 0.2)],
        ground,
        asphalt,
        gain: rng.uniform(0.5, 0.65),
        tint: tint(1.05, 0.95),
      };
    case 'snow':
      return {
        sky: [grey(0.78), grey(0.9)],
        ground: hsl(210, 0.15, 0.9),
        asphalt: grey(rng.uniform(0.35, 0.6)),
        gain: rng.uniform(0.85, 1.05),
        tint: tint(0.97, 1.04),
      };
    default:
      return {
        sky: [hsl(rng.uniform(205, 220), 0.6, rng.uniform(0.45, 0.6)), hsl(200, 0.5, 0.82)],
        ground,
        asphalt,
        gain: rng.uniform(0.9, 1.1),
        tint: tint(1, 1),
      };
  }
}

export function sky(light: Light, stage: Stage): string {
  return (
    `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${light.sky[0]}"/>` +
    `<stop offset="1" stop-color="${light.sky[1]}"/></linearGradient>` +
    box(0, 0, CANVAS.width, stage.horizon + 2, 'url(#sky)')
  );
}

export function clouds(rng: Random, stage: Stage): string {
  return Array.from({ length: rng.integer(0, 5) }, () =>
    oval(
      rng.uniform(0, 320),
      rng.uniform(5, stage.horizon * 0.6),
      rng.uniform(15, 50),
      rng.uniform(4, 10),
      '#ffffff',
      'opacity="0.35"',
    ),
  ).join('');
}

export function hills(rng: Random, stage: Stage): string {
  const fill = hsl(rng.uniform(90, 210), rng.uniform(0.1, 0.3), rng.uniform(0.3, 0.5));
  const points = Array.from({ length: 9 }, (_, i) => [i * 40, stage.horizon - rng.uniform(2, 24)] as const);
  return polygon([[0, stage.horizon + 2], ...points, [320, stage.horizon + 2]], fill);
}

/** Rows of houses on both sides, with windows, awnings and red shop signs. */
export function buildings(rng: Random, stage: Stage): string {
  const parts: string[] = [];
  for (const side of [-1, 1]) {
    let x = side < 0 ? stage.vanishing - rng.uniform(30, 60) : stage.vanishing + rng.uniform(30, 60);
    while (side < 0 ? x > 0 : x < CANVAS.width) {
      const w = rng.uniform(22, 55);
      const near = Math.abs(x - stage.vanishing) / CANVAS.width;
      const h = rng.uniform(22, 55) + near * 70;
      const left = side < 0 ? x - w : x;
      const foot = stage.horizon + 4 + near * 26;
      if (rng.chance(0.85)) parts.push(house(rng, left, foot, w, h));
      x += side * (w + rng.uniform(0, 8));
    }
  }
  return parts.join('');
}

function house(rng: Random, left: number, foot: number, w: number, h: number): string {
  const wall = hsl(rng.uniform(5, 50), rng.uniform(0.05, 0.45), rng.uniform(0.25, 0.75));
  const pane = rng.chance(0.25) ? '#ffe9a3' : hsl(210, 0.2, rng.uniform(0.15, 0.45));
  const parts = [box(left, foot - h, w, h, wall)];
  const columns = Math.max(1, Math.floor(w / 11));
  const rows = Math.max(1, Math.floor((h - 14) / 13));
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      parts.push(
        box(left + 3 + (c * (w - 4)) / columns, foot - h + 4 + r * 13, (w / columns) * 0.5, 7, pane),
      );
    }
  }
  if (rng.chance(0.45)) {
    const sign = hsl(rng.uniform(0, 45), rng.uniform(0.7, 1), rng.uniform(0.4, 0.55));
    parts.push(box(left + 2, foot - 17, w - 4, 6, sign));
    if (rng.chance(0.4)) {
      for (let i = 0; i < w - 6; i += 8)
        parts.push(box(left + 2 + i, foot - 11, 4, 4, i % 16 === 0 ? sign : '#ffffff'));
    }
  }
  return parts.join('');
}

export function trees(rng: Random, stage: Stage): Placed[] {
  const autumn = rng.chance(0.35);
  return Array.from({ length: rng.integer(0, 5) }, () => {
    const side = rng.chance(0.5) ? -1 : 1;
    return stage.place(
      tree(rng, autumn),
      rng.uniform(0.1, 0.45),
      side * (stage.roadHalfWidth + rng.uniform(1.2, 5)),
    );
  });
}

export function sun(rng: Random, stage: Stage): string {
  return rng.chance(0.2) ? disc(rng.uniform(0, 320), rng.uniform(8, stage.horizon * 0.5), 9, '#fff7d8') : '';
}
