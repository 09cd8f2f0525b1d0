import type { DatasetEntry } from './format.ts';

type PictureFormat = DatasetEntry['format'];

/** What the first bytes say; undefined: no picture of a kind that datasets hold. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG')) return 'png';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'webp' : undefined;
}

/** How a file of that format is called, from the dot on. */
export function endingOf(format: PictureFormat): string {
  return format === 'jpeg' ? '.jpg' : `.${format}`;
}
