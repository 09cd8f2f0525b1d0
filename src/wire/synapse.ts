import { createHash } from 'node:crypto';
import { PyFloat, type PyValue, pyJson, pyStr } from './python.ts';

/** What a dendrite signs, as one line of ASCII. */
export interface AxonMessage {
  /** Canonical decimal, nanoseconds. */
  readonly nonce: string;
  readonly dendriteHotkey: string;
  readonly axonHotkey: string;
  readonly uuid: string;
  readonly bodyHash: string;
}

/** The text under the signature of a synapse request (SDK 7.2 to 10): sr25519 over exactly these bytes. */
export function axonMessage(parts: AxonMessage): string {
  return `${parts.nonce}.${parts.dendriteHotkey}.${parts.axonHotkey}.${parts.uuid}.${parts.bodyHash}`;
}

/**
 * `Synapse.body_hash`: SHA3-256 over the hex digests of the required fields' `str()`.
 * @param required the values of `required_hash_fields`, in the order the SDK takes them (as listed for a ClassVar)
 */
export function bodyHash(required: readonly PyValue[]): string {
  return sha3(required.map((value) => sha3(pyStr(value))).join(''));
}

/** The hash of a synapse without required fields, such as ImageSynapse. */
export const EMPTY_BODY_HASH = bodyHash([]);

/** The SDK's version number on the wire: 9.12.2 → 9012002. */
export function versionAsInt(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major * 1_000_000 + minor * 1_000 + patch;
}

/** Types of required synapse fields. */
export type FieldType = 'str' | 'int' | 'float' | 'list' | 'dict' | 'bool';

const EMPTY: Record<FieldType, PyValue> = {
  str: '',
  int: 0,
  float: new PyFloat(0),
  list: [],
  dict: {},
  bool: false,
};

/** The dummy a dendrite sends in `bt_header_input_obj_<field>`: base64 of the empty value of the field's type. */
export function inputObjectHeader(type: FieldType): string {
  return Buffer.from(pyJson(EMPTY[type])).toString('base64');
}

function sha3(text: string): string {
  return createHash('sha3-256').update(text, 'utf8').digest('hex');
}
