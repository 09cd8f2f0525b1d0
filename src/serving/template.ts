import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ServerKind } from './types.ts';

const word = z.string().min(1);

const templateSchema = z.strictObject({
  /** Of the version that sv72 was made for. */
  image: word,
  image_before_driver_580: word.optional(),
  /** Python within the image, for health checks. */
  python: word,
  /** That it listens on in the container. */
  port: z.int().min(1).max(65_535),
  ready: z.string().startsWith('/'),
  gpu: z.enum(['optional', 'required']),
  shm: z.string().regex(/^\d+[mg]$/),
  /** A list within it is left out where a value in it is not known. */
  command: z.array(z.union([word, z.array(word)])),
  environment: z.record(z.string(), z.string()),
  /** Variable by which it is told the token that clients must send. */
  token: z.string().optional(),
});

/** How a kind of server is run: a file of templates/serve. */
export type Template = z.infer<typeof templateSchema>;

/** @param packageRoot folder of sv72's package.json */
export async function readTemplate(packageRoot: string, kind: ServerKind): Promise<Template> {
  const path = join(packageRoot, 'templates', 'serve', `${kind}.yaml`);
  return templateSchema.parse(parse(await readFile(path, 'utf8')));
}

/** What can stand in ${…}; null: not known. */
export type Values = Readonly<Record<string, string | number | null>>;

/** The command with its values in place. Values are put in as they are, once: what they hold is not looked into. */
export function fillCommand(command: Template['command'], values: Values): string[] {
  return command.flatMap((part) => {
    const words = typeof part === 'string' ? [part] : part;
    const filled = words.map((text) => fill(text, values));
    if (filled.every((text): text is string => text !== null)) return filled;
    if (typeof part === 'string') throw new TypeError(`no value for ${part}`);
    return [];
  });
}

function fill(text: string, values: Values): string | null {
  let known = true;
  const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`a template names ${name}, which there is not`);
    if (value === null) known = false;
    return String(value);
  });
  return known ? filled : null;
}
