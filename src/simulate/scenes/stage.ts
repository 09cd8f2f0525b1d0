import type { Point } from '../image.ts';
import type { Random } from '../random.ts';
import { group, n } from './svg.ts';

/** The canvas that scenes are composed on; rendering scales it. */
export const CANVAS = { width: 320, height: 240 } as const;

/** Something to put on the ground, drawn in metres around the middle of its foot (up is negative y). */
export interface Prop {
  readonly svg: string;
  /** Metres. */
  readonly width: number;
  /** Metres. */
  readonly height: number;
}

/** A prop with its place: it is drawn after everything that is further away. */
export interface Placed {
  readonly svg: string;
  readonly depth: number;
  readonly centre: Point;
  /** Height on the canvas in pixels. */
  readonly size: number;
}

/**
 * One-point perspective of a camera behind a windscreen. `depth` runs from 0 at the horizon to 1 at the lower edge
 * of the picture; `lateral` is metres to the right of the road's middle.
 */
export interface Stage {
  readonly horizon: number;
  readonly vanishing: number;
  readonly roadHalfWidth: number;
  ground(depth: number, lateral: number): Point;
  /** Pixels of a metre at that depth. */
  scale(depth: number): number;
  place(prop: Prop, depth: number, lateral: number, enlarge?: number): Placed;
}

const CAMERA_HEIGHT = 1.5;

export function createStage(rng: Random): Stage {
  const horizon = rng.uniform(78, 112);
  const vanishing = rng.uniform(110, 210);
  const offset = rng.uniform(-25, 25);
  const metre = (CANVAS.height - horizon) / CAMERA_HEIGHT;
  const scale = (depth: number): number => metre * depth;
  const ground = (depth: number, lateral: number): Point => ({
    x: vanishing + (CANVAS.width / 2 + offset - vanishing) * depth + lateral * scale(depth),
    y: horizon + (CANVAS.height - horizon) * depth,
  });
  return {
    horizon,
    vanishing,
    roadHalfWidth: rng.uniform(1.7, 3.2),
    ground,
    scale,
    place: (prop, depth, lateral, enlarge = 1) => {
      const foot = ground(depth, lateral);
      const s = scale(depth) * enlarge;
      return {
        svg: group(prop.svg, `translate(${n(foot.x)} ${n(foot.y)}) scale(${n(s)})`),
        depth,
        centre: { x: foot.x, y: foot.y - (prop.height * s) / 2 },
        size: prop.height * s,
      };
    },
  };
}
