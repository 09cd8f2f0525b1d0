import { askLock, type LocalMiner } from './lock.ts';
import { type LockPlace, lockPlace } from './lock-place.ts';

/** The miners that this user runs on this machine, one entry per hotkey, in order of port. */
export async function findLocalMiners(place: LockPlace = lockPlace()): Promise<LocalMiner[]> {
  const answers = await Promise.all(place.list().map((path) => askLock(path)));
  return answers.filter(isListening).sort((a, b) => a.port - b.port);
}

function isListening(answer: Partial<LocalMiner> | undefined): answer is LocalMiner {
  return (
    typeof answer?.host === 'string' &&
    typeof answer.hotkey === 'string' &&
    typeof answer.pid === 'number' &&
    typeof answer.version === 'string' &&
    Array.isArray(answer.routes) &&
    Number.isInteger(answer.port) &&
    isPlace(answer.announcing) &&
    (answer.btauthRoute === null || typeof answer.btauthRoute === 'string') &&
    (answer.control === null || typeof answer.control === 'string')
  );
}

function isPlace(announcing: LocalMiner['announcing'] | undefined): boolean {
  if (announcing === null) return true;
  return typeof announcing?.ip === 'string' && Number.isInteger(announcing.port);
}
