import { z } from 'zod';
import { settingsSchema } from './schema/index.ts';

/** One configurable value: its path in sv72.yaml, its schema and what it means. */
export interface Leaf {
  readonly key: string;
  readonly schema: z.ZodType;
  readonly description: string;
  readonly fallback: unknown;
}

/** Sections that hold others, with their descriptions, in the order of the schema. */
export interface Section {
  readonly key: string;
  readonly description: string | undefined;
}

type Visit = (key: string, schema: z.ZodType, object: boolean) => void;

function walk(schema: z.ZodType, key: string, visit: Visit): void {
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  if (inner instanceof z.ZodObject) {
    if (key !== '') visit(key, schema, true);
    for (const [name, child] of Object.entries(inner.shape)) {
      walk(child as z.ZodType, key === '' ? name : `${key}.${name}`, visit);
    }
    return;
  }
  visit(key, schema, false);
}

let cache: { leaves: ReadonlyMap<string, Leaf>; sections: readonly Section[] } | undefined;

/** All values and sections that can be configured, in the order of the schema. */
export function settingsTree(): { leaves: ReadonlyMap<string, Leaf>; sections: readonly Section[] } {
  if (cache) return cache;
  const leaves = new Map<string, Leaf>();
  const sections: Section[] = [];
  walk(settingsSchema, '', (key, schema, object) => {
    if (object) {
      sections.push({ key, description: schema.description });
      return;
    }
    leaves.set(key, {
      key,
      schema,
      description: schema.description ?? '',
      fallback: schema.parse(undefined),
    });
  });
  cache = { leaves, sections };
  return cache;
}

/** Reads the value at a dotted path. */
export function getAt(tree: unknown, key: string): unknown {
  let at = tree;
  for (const part of key.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** Writes the value at a dotted path, making the sections on the way. */
export function setAt(tree: Record<string, unknown>, key: string, value: unknown): void {
  const parts = key.split('.');
  const last = parts.pop() ?? key;
  let at = tree;
  for (const part of parts) {
    const next = at[part];
    if (typeof next === 'object' && next !== null) {
      at = next as Record<string, unknown>;
    } else {
      const made: Record<string, unknown> = {};
      at[part] = made;
      at = made;
    }
  }
  at[last] = value;
}

/**
 * Turns the text of a flag or variable into the value its setting wants: numbers, true/false, null, comma lists, JSON lists.
 * @returns the value, or the reason it does not fit.
 */
export function parseText(leaf: Leaf, text: string): { value: unknown } | { reason: string } {
  const candidates: unknown[] = [text, text.split(',').map((part) => part.trim())];
  if (/^-?\d+(\.\d+)?$/.test(text.trim())) candidates.unshift(Number(text));
  if (/^(true|yes|on|1)$/i.test(text)) candidates.push(true);
  if (/^(false|no|off|0)$/i.test(text)) candidates.push(false);
  if (/^(null|none)$/i.test(text)) candidates.unshift(null);
  if (/^\s*\[/.test(text)) candidates.push(jsonOf(text));
  const errors: z.ZodError[] = [];
  for (const candidate of candidates) {
    const result = leaf.schema.safeParse(candidate);
    if (result.success) return { value: result.data };
    errors.push(result.error);
  }
  // A reading that is of the right type says more than that the others are not.
  const telling = errors.find(({ issues }) => issues[0]?.code !== 'invalid_type') ?? errors[0];
  return { reason: telling ? reasonOf(telling) : 'does not fit' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first complaint of a schema, as the second half of a sentence. */
export function reasonOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'does not fit';
  if (issue.code === 'invalid_union') return 'is none of the allowed values';
  if (issue.code === 'unrecognized_keys') return `has unknown keys: ${issue.keys.join(', ')}`;
  return issue.message.replace(/^Invalid (input|option): /, '');
}
