/**
 * In the state, metadata lies under this and its version as u32 (little-endian): the runtime stays small, and a chain can serve
 * another one.
 */
export const METADATA_KEY = ':metadata:';
