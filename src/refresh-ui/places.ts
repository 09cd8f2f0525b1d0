import { readPruning, sharedMetagraph, standingOf } from '../chain/index.ts';
import { connectFor } from '../chain-ui/index.ts';
import { effectiveNetuid, type Settings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { Place } from '../refresh/index.ts';

/** Registrations away from being pushed out at which it is told. */
const NEAR = 5;
const TIMEOUT_MS = 15_000;

/**
 * The places of hotkeys on the subnet of the settings.
 *
 * @throws what connecting throws, ERR_NO_SUBNET
 */
export async function readPlaces(settings: Settings, hotkeys: readonly string[]): Promise<Place[]> {
  const netuid = effectiveNetuid(settings);
  const chain = await connectFor({
    network: settings.network,
    chain: settings.chain,
    timeoutMs: TIMEOUT_MS,
    note: () => undefined,
  });
  try {
    const found = await sharedMetagraph(chain, netuid);
    if (!found) throw new Sv72Error('ERR_NO_SUBNET', `There is no subnet ${netuid} on ${settings.network}.`);
    const { graph, block } = found;
    const pruning = await readPruning(await chain.at(block.hash), netuid, block.number + 1);
    return hotkeys.map((hotkey): Place => {
      const neuron = graph.neurons.find((one) => one.hotkey === hotkey);
      if (neuron === undefined) return { hotkey, netuid, standing: 'gone', ahead: null };
      const until = standingOf(neuron.uid, pruning).registrationsUntilOut;
      if (until === undefined || until > NEAR)
        return { hotkey, netuid, standing: 'safe', ahead: until === undefined ? null : until - 1 };
      return { hotkey, netuid, standing: until <= 1 ? 'next' : 'near', ahead: until - 1 };
    });
  } finally {
    await chain.close();
  }
}
