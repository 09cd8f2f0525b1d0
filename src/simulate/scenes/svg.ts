/** The few SVG shapes that scenes are made of. No text: fonts differ between machines. */

type XY = readonly [x: number, y: number];

export function polygon(points: readonly XY[], fill: string, extra = ''): string {
  return `<polygon points="${points.map(([x, y]) => `${n(x)},${n(y)}`).join(' ')}" fill="${fill}" ${extra}/>`;
}

/** A rectangle given by its left, top, width and height. */
export function box(
  x: number,
  y: number,
  w: number,
  h: number,
  fill: string,
  { round = 0, extra = '' }: { round?: number; extra?: string } = {},
): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" rx="${n(round)}" fill="${fill}" ${extra}/>`;
}

export function disc(x: number, y: number, r: number, fill: string, extra = ''): string {
  return oval(x, y, r, r, fill, extra);
}

export function oval(x: number, y: number, rx: number, ry: number, fill: string, extra = ''): string {
  return `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}" ${extra}/>`;
}

export function stroke(points: readonly XY[], colour: string, width: number): string {
  const path = points.map(([x, y]) => `${n(x)},${n(y)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-linecap="round"/>`;
}

export function group(content: string, transform: string, extra = ''): string {
  return `<g transform="${transform}" ${extra}>${content}</g>`;
}

/** Three decimals are enough: objects are drawn in metres and scaled. */
export function n(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
