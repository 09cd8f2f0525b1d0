import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });

/**
 * Checks a command's JSON against the schema that is published for it; `failure` is the schema of all failures.
 * @throws when it does not fit, with every difference
 */
export function expectSchema(id: string, value: unknown): void {
  const name = id.replaceAll(' ', '-');
  const url = new URL(`../../schemas/${name}.json`, import.meta.url);
  const schema =
    ajv.getSchema(name) ?? ajv.addSchema(JSON.parse(readFileSync(url, 'utf8')), name).getSchema(name);
  if (!schema?.(value))
    throw new Error(`${id}: ${ajv.errorsText(schema?.errors)} in ${JSON.stringify(value)}`);
}
