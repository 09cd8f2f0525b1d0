import type { MinerEvent } from './events.ts';

/** Holds back what is noted while starting, until it listens: readers wait for that event, and it comes first. */
export function listeningFirst(onEvent: (event: MinerEvent) => void): (event: MinerEvent) => void {
  const held: MinerEvent[] = [];
  let listens = false;
  return (event) => {
    if (!listens && event.event !== 'listening') {
      held.push(event);
      return;
    }
    listens = true;
    onEvent(event);
    for (const earlier of held.splice(0)) onEvent(earlier);
  };
}
