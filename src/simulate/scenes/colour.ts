import type { Random } from '../random.ts';

/** `#rrggbb` from hue (degrees), saturation and lightness (0 to 1). */
export function hsl(hue: number, saturation: number, lightness: number): string {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (k: number): string => {
    const t = (k + hue / 30) % 12;
    const value = lightness - a * Math.max(-1, Math.min(t - 3, 9 - t, 1));
    return Math.round(255 * Math.min(1, Math.max(0, value)))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

export function grey(lightness: number): string {
  return hsl(0, 0, lightness);
}

/** The orange of road works, as paint and dirt vary it. */
export function safetyOrange(rng: Random): string {
  return hsl(rng.uniform(12, 30), rng.uniform(0.8, 1), rng.uniform(0.46, 0.56));
}

/** Paint of cars: mostly greys, often red, orange or yellow, so that colour alone says nothing. */
export function carPaint(rng: Random): string {
  if (rng.chance(0.4)) return hsl(rng.uniform(5, 52), rng.uniform(0.7, 1), rng.uniform(0.42, 0.56));
  if (rng.chance(0.5)) return grey(rng.uniform(0.08, 0.92));
  return hsl(rng.uniform(0, 360), rng.uniform(0.2, 0.7), rng.uniform(0.2, 0.5));
}
