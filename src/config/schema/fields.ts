import { z } from 'zod';

/** Kinds of values that settings of several sections have. */
export const port = z.int().min(0).max(65_535);
export const seconds = (least: number, most: number) => z.number().min(least).max(most);
export const route = z.string().regex(/^\/[A-Za-z0-9._~/-]*$/, 'must be a path such as /predict');
export const endpoint = z
  .string()
  .max(2048)
  .refine((value) => /^wss?:$/.test(protocolOf(value)), 'must be ws:// or wss:// URLs');
export const name = z.string().min(1).max(255);
export const day = z.number().min(0).max(3650);
export const repository = z
  .string()
  .max(200)
  .regex(/^\S+\/\S+$/, 'must be owner/name');
export const webAddress = z
  .string()
  .max(2048)
  .refine((value) => /^https?:$/.test(protocolOf(value)), 'must be an http(s) URL');
export const secretFile = z.string().min(1).max(4096).nullable().default(null);

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
