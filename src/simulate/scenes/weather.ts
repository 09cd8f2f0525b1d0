import type { Random } from '../random.ts';
import { CANVAS, type Stage } from './stage.ts';
import { box, disc, stroke } from './svg.ts';

/** Rain, snowfall, fog and dirt on the windscreen, over everything. */
export function weather(rng: Random, stage: Stage): string {
  const kind = rng.next();
  if (kind < 0.12) {
    const slant = rng.uniform(-4, 4);
    return Array.from({ length: rng.integer(25, 70) }, () => {
      const [x, y, l] = [rng.uniform(0, 320), rng.uniform(0, 240), rng.uniform(5, 13)];
      return `<g opacity="0.35">${stroke(
        [
          [x, y],
          [x + slant, y + l],
        ],
        '#dfe6ee',
        0.6,
      )}</g>`;
    }).join('');
  }
  if (kind < 0.2) {
    return Array.from({ length: rng.integer(30, 90) }, () =>
      disc(rng.uniform(0, 320), rng.uniform(0, 240), rng.uniform(0.4, 1.5), '#ffffff', 'opacity="0.75"'),
    ).join('');
  }
  if (kind < 0.3) {
    const thick = rng.uniform(0.25, 0.6);
    return (
      '<linearGradient id="fog" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#ccd2d6"/>' +
      `<stop offset="${stage.horizon / CANVAS.height}" stop-color="#ccd2d6" stop-opacity="${thick}"/>` +
      '<stop offset="1" stop-color="#ccd2d6" stop-opacity="0"/></linearGradient>' +
      box(0, 0, CANVAS.width, CANVAS.height, 'url(#fog)', { extra: `opacity="${thick}"` })
    );
  }
  if (kind < 0.36) {
    return Array.from({ length: rng.integer(3, 12) }, () =>
      disc(rng.uniform(0, 320), rng.uniform(0, 240), rng.uniform(1, 4), '#d8dde0', 'opacity="0.3"'),
    ).join('');
  }
  return '';
}
