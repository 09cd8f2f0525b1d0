/** Byte-level rules of the wire that both ends share: Python's number and text formats, and what is signed. */
export { type BtauthPayload, btauthPayload } from './btauth.ts';
export { PyFloat, type PyValue, parsePyFloat, pyFloat, pyJson, pyStr } from './python.ts';
export {
  type AxonMessage,
  axonMessage,
  bodyHash,
  EMPTY_BODY_HASH,
  type FieldType,
  inputObjectHeader,
  versionAsInt,
} from './synapse.ts';
