import { Sv72Error } from '../errors/index.ts';

/** Ctrl-C in something that the same command continues. */
export function interrupted(): Sv72Error {
  return new Sv72Error('ERR_INTERRUPTED', 'Interrupted; what was finished is kept.', {
    next: 'Run the same command again: it goes on where it stopped.',
  });
}
