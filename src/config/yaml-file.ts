import type { Document } from 'yaml';
import { Sv72Error } from '../errors/index.ts';
import { settingsSchema } from './schema/index.ts';
import { reasonOf, settingsTree } from './tree.ts';

/** The document as plain data; aliases to nowhere and bombs of aliases are refused. */
function plainTree(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 }) ?? {};
  } catch (error) {
    throw new Sv72Error('ERR_CONFIG_FILE', `${path} has aliases (& and *) that cannot be resolved.`, {
      cause: error,
      details: { path },
    });
  }
}

/**
 * Reads sv72.yaml into values by key.
 * @throws ERR_CONFIG_FILE with the line, when it is not YAML or has unknown keys or wrong values.
 */
export async function parseConfigFile(text: string, path: string): Promise<Map<string, unknown>> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new Sv72Error(
      'ERR_CONFIG_FILE',
      `${path}, line ${line}, is not YAML: ${broken.message.split('\n')[0]}.`,
      {
        details: { path, line },
      },
    );
  }
  const tree = plainTree(document, path);
  const result = settingsSchema.safeParse(tree);
  if (!result.success) {
    const issue = result.error.issues[0];
    const at = issue?.path.map(String) ?? [];
    const key = [...at, ...(issue?.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [])];
    const node = document.getIn(key, true) as { range?: [number, number, number] } | undefined;
    const line = node?.range ? lines.linePos(node.range[0]).line : undefined;
    const place = line === undefined ? path : `${path}, line ${line}`;
    const reason =
      issue?.code === 'unrecognized_keys'
        ? 'is not a known setting'
        : `is not valid: ${reasonOf(result.error)}`;
    throw new Sv72Error('ERR_CONFIG_FILE', `${place}: ${key.join('.') || 'the file'} ${reason}.`, {
      details: { path, key: key.join('.'), line: line ?? null },
    });
  }
  const values = new Map<string, unknown>();
  for (const key of settingsTree().leaves.keys()) {
    if (document.hasIn(key.split('.'))) {
      let at: unknown = result.data;
      for (const part of key.split('.')) at = (at as Record<string, unknown>)[part];
      values.set(key, at);
    }
  }
  return values;
}
