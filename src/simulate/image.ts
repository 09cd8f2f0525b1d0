/** Pixels as three bytes each (R, G, B), row by row from the top left. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** `width × height × 3` bytes. */
  readonly data: Uint8Array;
}

/** A place in an image, pixels from the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Label = 0 | 1;

export function blankImage(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3) };
}
