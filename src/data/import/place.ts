import { textOf } from './labels.ts';

/** Side of the cells that places are gathered in, degrees: half a kilometre from south to north. */
const CELL = 0.005;

/**
 * The place of a picture as a group: the cell of its coordinates. Two pictures of one site are hardly ever further
 * apart than a cell is wide.
 *
 * @param gps `{latitude, longitude}` under their usual names, `[latitude, longitude]`, or text with both
 */
export function placeOf(gps: unknown): string | undefined {
  const [latitude, longitude] = coordinates(gps) ?? [];
  if (latitude === undefined || longitude === undefined) return undefined;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) || (latitude === 0 && longitude === 0)) {
    return undefined;
  }
  return `place:${cell(latitude)},${cell(longitude)}`;
}

function coordinates(gps: unknown): [number, number] | undefined {
  if (Array.isArray(gps) && gps.length >= 2) return [Number(gps[0]), Number(gps[1])];
  if (typeof gps === 'object' && gps !== null && !(gps instanceof Uint8Array)) {
    const named = new Map(Object.entries(gps).map(([key, value]) => [key.toLowerCase(), value]));
    const latitude = named.get('latitude') ?? named.get('lat');
    const longitude = named.get('longitude') ?? named.get('lon') ?? named.get('lng') ?? named.get('long');
    if (latitude === undefined || longitude === undefined || latitude === null || longitude === null) {
      return undefined;
    }
    return [Number(latitude), Number(longitude)];
  }
  const numbers = textOf(gps)?.match(/-?\d+(?:\.\d+)?/g);
  return numbers && numbers.length >= 2 ? [Number(numbers[0]), Number(numbers[1])] : undefined;
}

function cell(degrees: number): string {
  return (Math.floor(degrees / CELL + 1e-9) * CELL).toFixed(3);
}
