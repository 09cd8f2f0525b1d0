import { z } from 'zod';
import { settingsSchema } from './schema/index.ts';
import { settingsTree } from './tree.ts';

/** What editors read to check and complete sv72.yaml. */
export function settingsJsonSchema(): object {
  return {
    title: 'sv72.yaml',
    ...z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }),
  };
}

/**
 * A whole sv72.yaml with every setting explained: those in `chosen` are set, the others stand as comments with their defaults.
 * @param chosen values by key
 * @param schemaLocation where an editor finds the JSON Schema
 */
export async function configTemplate(
  chosen: ReadonlyMap<string, unknown>,
  schemaLocation: string,
): Promise<string> {
  const { stringify } = await import('yaml');
  const { leaves, sections } = settingsTree();
  const described = new Map(sections.map((section) => [section.key, section.description]));
  const opened = new Set<string>();
  const lines = [
    `# yaml-language-server: $schema=${schemaLocation}`,
    '# Settings of sv72. Flags and SV72_ variables go before this file; `sv72 config show` tells what is in effect and why.',
    '',
  ];
  const hasChosen = (section: string) => [...chosen.keys()].some((key) => key.startsWith(`${section}.`));
  for (const leaf of leaves.values()) {
    const parts = leaf.key.split('.');
    for (let depth = 1; depth < parts.length; depth++) {
      const section = parts.slice(0, depth).join('.');
      if (opened.has(section)) continue;
      opened.add(section);
      const indent = '  '.repeat(depth - 1);
      if (depth === 1) lines.push('');
      const description = described.get(section);
      if (description) lines.push(`${indent}# ${description}`);
      lines.push(`${indent}${hasChosen(section) ? '' : '# '}${parts[depth - 1]}:`);
    }
    const indent = '  '.repeat(parts.length - 1);
    const set = chosen.has(leaf.key);
    const value = stringify(set ? chosen.get(leaf.key) : leaf.fallback, {
      collectionStyle: 'flow',
    }).trimEnd();
    if (parts.length === 1) lines.push('');
    lines.push(`${indent}# ${leaf.description}`);
    lines.push(`${indent}${set ? '' : '# '}${parts.at(-1)}: ${value}`);
  }
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
