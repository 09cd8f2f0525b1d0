import { serveUntilStopped } from '../../src/miner/serve.ts';

/** Serves with a miner that does nothing, while errors that nobody catches are thrown. */
const stopped = await serveUntilStopped({
  start: async () => {
    setTimeout(() => {
      throw new Error('thrown in a timer');
    });
    setTimeout(() => void Promise.reject(new Error('rejected and forgotten')), 1);
    const alive = setInterval(() => undefined, 1_000);
    return { axons: [], reload: () => undefined, stop: async () => clearInterval(alive) };
  },
  onEvent: (event) => console.log(event.event === 'note' ? event.message.split('\n')[0] : event.event),
});
console.log(`ended by ${stopped.why}`);
