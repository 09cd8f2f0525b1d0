import { Sv72Error } from '../../errors/index.ts';

export const wrongPassword = () => new Sv72Error('ERR_PASSWORD', 'The password does not open the keyfile.');
export const damaged = () =>
  new Sv72Error('ERR_KEYFILE', 'The keyfile is damaged: its encrypted contents are incomplete.');
export const noDerivation = (cause: unknown) =>
  new Sv72Error('ERR_KEY_DERIVATION', 'The key of the keyfile could not be derived from the password.', {
    cause,
  });
