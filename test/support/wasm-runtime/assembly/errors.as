import { putU32, putU8, take } from './bytes';

/** Length of the error that was made last. */
export let errorLength: usize = 0;

/** DispatchError::Module. Its place; success is 0. */
export function moduleError(pallet: u32, error: u32): usize {
  const at = take(6);
  putU8(at, 3);
  putU8(at + 1, pallet);
  putU32(at + 2, error);
  errorLength = 6;
  return at;
}
/** DispatchError without fields: Other is 0. */
export function plainError(variant: u32): usize {
  const at = take(1);
  putU8(at, variant);
  errorLength = 1;
  return at;
}
