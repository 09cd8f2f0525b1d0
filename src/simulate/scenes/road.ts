import type { Random } from '../random.ts';
import type { Light } from './backdrop.ts';
import { grey, hsl } from './colour.ts';
import { CANVAS, type Stage } from './stage.ts';
import { box, oval, polygon } from './svg.ts';

const NEAR = 1.25;

/** The ground, the carriageway with its kerbs and marks, and what lies on it: patches, cracks, puddles. */
export function road(rng: Random, stage: Stage, light: Light): string {
  const half = stage.roadHalfWidth;
  const parts = [
    box(0, stage.horizon, CANVAS.width, CANVAS.height - stage.horizon, light.ground),
    strip(stage, -half - rng.uniform(0.15, 1.4), -half, 0, NEAR, grey(rng.uniform(0.45, 0.7))),
    strip(stage, half, half + rng.uniform(0.15, 1.4), 0, NEAR, grey(rng.uniform(0.45, 0.7))),
    strip(stage, -half, half, 0, NEAR, light.asphalt),
  ];
  for (let i = rng.integer(0, 4); i > 0; i--) {
    const at = stage.ground(rng.uniform(0.25, 1), rng.uniform(-half, half));
    const fill = rng.chance(0.7) ? grey(rng.uniform(0.15, 0.45)) : hsl(205, 0.25, 0.6);
    parts.push(oval(at.x, at.y, rng.uniform(6, 40), rng.uniform(1, 6), fill, 'opacity="0.5"'));
  }
  const paint = rng.chance(0.75) ? grey(rng.uniform(0.75, 0.95)) : hsl(48, 0.85, 0.55);
  const width = rng.uniform(0.06, 0.1);
  if (rng.chance(0.8)) {
    parts.push(strip(stage, -half + 0.15, -half + 0.15 + width, 0, NEAR, paint));
    parts.push(strip(stage, half - 0.15 - width, half - 0.15, 0, NEAR, paint));
  }
  const dashed = rng.chance(0.75);
  for (let far = 0.05; far < NEAR; far *= dashed ? 1.7 : 1.3) {
    parts.push(strip(stage, -width / 2, width / 2, far, far * 1.3, paint));
  }
  if (rng.chance(0.12)) parts.push(crossing(rng, stage, paint));
  return parts.join('');
}

function crossing(rng: Random, stage: Stage, paint: string): string {
  const depth = rng.uniform(0.3, 0.7);
  const parts: string[] = [];
  for (let x = -stage.roadHalfWidth + 0.2; x < stage.roadHalfWidth - 0.3; x += 0.6) {
    parts.push(strip(stage, x, x + 0.32, depth, depth * 1.35, paint));
  }
  return parts.join('');
}

function strip(stage: Stage, left: number, right: number, far: number, near: number, fill: string): string {
  const corners = [
    [far, left],
    [far, right],
    [near, right],
    [near, left],
  ] as const;
  return polygon(
    corners.map(([depth, lateral]) => {
      const p = stage.ground(depth, lateral);
      return [p.x, p.y] as const;
    }),
    fill,
  );
}
