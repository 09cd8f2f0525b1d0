import { createRandom, type Random } from '../../simulate/index.ts';

const PLACES = [
  'a two-lane city street with shops',
  'a suburban road with trees and parked cars',
  'a motorway with three lanes',
  'a country road between fields',
  'an intersection with traffic lights',
  'a narrow street between old houses',
  'a wide avenue with tram rails',
  'a bridge over a river',
  'a road along an industrial area',
  'a residential street with driveways',
] as const;

const WEATHER = [
  'on a sunny day',
  'under an overcast sky',
  'in light rain with a wet road',
  'at dusk',
  'in the early morning',
  'in winter with some snow at the roadside',
  'with low sun and long shadows',
] as const;

const WORKS = [
  'orange traffic cones closing one lane',
  'a row of orange barrels beside the lane',
  'red and white striped barriers around a trench',
  'an excavator digging behind a fence',
  'workers in high-visibility vests next to a truck',
  'a large arrow board on a trailer directing traffic',
  'an orange diamond-shaped road work sign and cones',
  'fresh asphalt being laid by a paver',
  'a lane closure with plastic barriers filled with water',
] as const;

/** Streets without works, but with what is easily taken for them. */
const ORDINARY = [
  'moving cars and clear lanes',
  'little traffic',
  'an orange delivery van and a yellow bus',
  'red and white poles at a pedestrian island',
  'a cyclist in a bright jacket',
  'parked cars on both sides',
  'a billboard in orange',
  'autumn trees with orange leaves',
  'permanent bollards along the pavement',
] as const;

/** What validators add to every caption, so that it becomes a view from a car. */
const VIEW = "dashcam footage, car dashboard camera view, driver's perspective, realistic road scene";
const VIEW_END = 'natural daylight, automotive photography, street level view';
const WITH_WORKS = 'construction work, roadwork signs, traffic cones, construction barriers';
const WITHOUT = 'clear road, normal traffic';

/** Says what a picture is to show, in the form that validators' prompts have. */
export function promptFor(label: 0 | 1, caption: string): string {
  const opening = caption.trim().replace(/[.\s]+$/, '');
  return `${opening}, ${VIEW}, ${label === 1 ? WITH_WORKS : WITHOUT}, ${VIEW_END}`;
}

/** A caption of a street that nobody photographed. */
export function inventCaption(label: 0 | 1, rng: Random): string {
  const [place, weather] = [rng.pick(PLACES), rng.pick(WEATHER)];
  return `Photorealistic dashcam footage of ${place} ${weather}, ${rng.pick(label === 1 ? WORKS : ORDINARY)}`;
}

/** Random numbers for the picture of this number. */
export function randomFor(seed: number, index: number): Random {
  return createRandom(seed * 1_000_000 + index, 'synth');
}
