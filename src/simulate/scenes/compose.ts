import type { Label, Point } from '../image.ts';
import { createRandom, mix32, type Random } from '../random.ts';
import { buildings, clouds, hills, type Light, pickLight, sky, sun, trees } from './backdrop.ts';
import { LOOKALIKES } from './lookalikes.ts';
import { road } from './road.ts';
import { CANVAS, createStage, type Placed, type Prop, type Stage } from './stage.ts';
import { bus, car, van } from './vehicles.ts';
import { weather } from './weather.ts';
import {
  arrowBoard,
  barrel,
  barrier,
  blocks,
  cone,
  excavator,
  spoilHeap,
  worker,
  worksSign,
  worksTriangle,
} from './works.ts';

/** A street as shapes, before it is rendered. Points are on the 320×240 canvas. */
export interface Composition {
  readonly label: Label;
  readonly shapes: string;
  /** Centres of what makes it a work site, the largest first; empty for label 0. */
  readonly maskPoints: readonly Point[];
  readonly light: Light;
}

/** Works are drawn a little larger than life, so that the nearest survive at 112 pixels. */
const ENLARGE = 1.25;

/** The label a seed stands for: half of all seeds each, without any pattern in their order. */
export function labelOfSeed(seed: number): Label {
  return (mix32(mix32(seed >>> 0) ^ 0x5ce9e) & 1) === 1 ? 1 : 0;
}

/**
 * Composes the street of a seed: sky, houses, road, then everything that stands on the ground from far to near.
 * Vehicles and look-alikes appear in both classes, so only the works themselves tell them apart.
 */
export function compose(seed: number, label: Label = labelOfSeed(seed)): Composition {
  const rng = createRandom(seed, `street ${label}`);
  const stage = createStage(rng);
  const light = pickLight(rng);
  const back = [
    sky(light, stage),
    sun(rng, stage),
    clouds(rng, stage),
    hills(rng, stage),
    rng.chance(0.75) ? buildings(rng, stage) : '',
    road(rng, stage, light),
  ];
  const works = label === 1 ? workSite(rng, stage) : [];
  const others = [
    ...trees(rng, stage),
    ...vehicles(rng, stage, label),
    ...furniture(rng, stage, label === 1 ? rng.integer(0, 3) : rng.integer(1, 5)),
  ].filter((item) => !hides(item, works));
  const standing = [...works, ...others].sort((a, b) => a.depth - b.depth);
  const visible = works.filter(
    ({ centre: c }) => c.x >= 4 && c.x <= CANVAS.width - 4 && c.y >= 4 && c.y <= CANVAS.height - 4,
  );
  return {
    label,
    shapes: [...back, ...standing.map((item) => item.svg), weather(rng, stage)].join(''),
    maskPoints: [...visible].sort((a, b) => b.size - a.size).map((item) => item.centre),
    light,
  };
}

/** Something nearer stands in front of the largest of the works. */
function hides(item: Placed, works: readonly Placed[]): boolean {
  return works.some(
    (w) =>
      item.depth > w.depth - 0.02 && Math.abs(item.centre.x - w.centre.x) < w.size * 0.5 + item.size * 0.45,
  );
}

type Group = (rng: Random, stage: Stage, near: number, lateral: number, id: string) => Placed[];

const row =
  (make: (rng: Random, id: string) => Prop, low: number, high: number, far: number): Group =>
  (rng, stage, near, lateral, id) => {
    const count = rng.integer(low, high);
    const end = lateral + rng.uniform(-1.2, 1.2);
    const looks = rng.integer(0, 2 ** 30);
    return Array.from({ length: count }, (_, i) => {
      const t = count === 1 ? 0 : i / (count - 1);
      const depth = near * (1 - t) + near * far * t;
      const prop = make(createRandom(looks, id), `${id}${i}`);
      return stage.place(prop, depth, lateral + (end - lateral) * t, ENLARGE);
    });
  };

const beside =
  (make: (rng: Random, id: string) => Prop, low: number, high: number, gap: number): Group =>
  (rng, stage, near, lateral, id) =>
    Array.from({ length: rng.integer(low, high) }, (_, i) =>
      stage.place(
        make(rng, `${id}${i}`),
        near * rng.uniform(0.96, 1),
        lateral - Math.sign(lateral) * i * gap,
        ENLARGE,
      ),
    );

const GROUPS: readonly [Group, ...Group[]] = [
  row(cone, 3, 7, 0.45),
  row(cone, 3, 7, 0.45),
  beside(cone, 3, 5, 0.85),
  row(barrel, 2, 5, 0.5),
  row(barrel, 2, 5, 0.5),
  beside(barrier, 1, 3, 2.2),
  beside(barrier, 1, 3, 2.2),
  beside(blocks, 1, 2, 3.6),
  beside(worksSign, 1, 1, 1),
  beside(worksSign, 1, 1, 1),
  beside(worksTriangle, 1, 1, 1),
];

const EXTRAS: readonly [Group, ...Group[]] = [
  beside(worker, 1, 2, 1.1),
  beside(worker, 1, 2, 1.1),
  beside((rng) => excavator(rng), 1, 1, 1),
  beside((rng) => arrowBoard(rng), 1, 1, 1),
  beside((rng) => spoilHeap(rng), 1, 1, 1),
];

function workSite(rng: Random, stage: Stage): Placed[] {
  const side = rng.chance(0.5) ? -1 : 1;
  const near = rng.uniform(0.6, 0.85);
  const at = (depth: number): number => {
    const reach = Math.min(stage.roadHalfWidth + 0.8, 105 / stage.scale(depth));
    return side * rng.uniform(0.15, 1) * reach;
  };
  const groups = rng.pick([1, 2, 2, 3]);
  const placed: Placed[] = [];
  for (let i = 0; i < groups; i++) {
    const depth = i === 0 ? near : near * rng.uniform(0.65, 0.98);
    placed.push(...rng.pick(GROUPS)(rng, stage, depth, at(depth), `w${i}`));
  }
  if (rng.chance(groups === 1 ? 0.8 : 0.5)) {
    const depth = near * rng.uniform(0.55, 0.9);
    placed.push(...rng.pick(EXTRAS)(rng, stage, depth, at(depth), 'x'));
  }
  return placed;
}

function vehicles(rng: Random, stage: Stage, label: Label): Placed[] {
  return Array.from({ length: rng.integer(0, label === 1 ? 3 : 4) }, () => {
    const make = rng.pick([car, car, car, bus, van]);
    const depth = rng.uniform(0.12, label === 1 ? 0.6 : 0.75);
    const lane = rng.pick([-0.5, 0.5, -1.15, 1.15]) * stage.roadHalfWidth;
    return stage.place(make(rng), depth, lane + rng.uniform(-0.3, 0.3));
  });
}

function furniture(rng: Random, stage: Stage, count: number): Placed[] {
  const placed: Placed[] = [];
  for (let i = 0; i < count; i++) {
    const make = rng.pick(LOOKALIKES);
    const side = rng.chance(0.5) ? -1 : 1;
    const depth = rng.uniform(0.25, 0.85);
    const lateral = side * (stage.roadHalfWidth + rng.uniform(-0.4, 1.2));
    const repeat = rng.chance(0.3) ? rng.integer(2, 5) : 1;
    const looks = rng.integer(0, 2 ** 30);
    for (let k = 0; k < repeat; k++) {
      placed.push(stage.place(make(createRandom(looks)), depth * 0.78 ** k, lateral, rng.uniform(1, 1.25)));
    }
  }
  return placed;
}
