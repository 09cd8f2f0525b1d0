import { z } from 'zod';
import { axon, btauth, callers } from './axon.ts';
import { chain, netuid, network } from './chain.ts';
import { deploy } from './deploy.ts';
import { hub } from './hub.ts';
import { metrics } from './metrics.ts';
import { miners, wallet } from './miners.ts';
import { profileName, profiles } from './profiles.ts';
import { refresh } from './refresh.ts';
import { store } from './store.ts';

/**
 * Everything that can be configured: the type, the validation, the defaults and the documentation, once.
 * Keys are those of sv72.yaml; units are in the names (_s seconds, _mib 2^20 bytes).
 */
export const settingsSchema = z.strictObject({
  wallet,
  miners,
  network,
  netuid,
  chain,
  axon,
  btauth,
  callers,
  metrics,
  deploy,
  store,
  hub,
  refresh,
  profile: profileName.default('speed').describe('Which of the profiles below `serve` uses.'),
  profiles,
});

/** The effective configuration, validated. */
export type Settings = z.infer<typeof settingsSchema>;
export type ProfileName = Settings['profile'];
export type ProfileSettings = Settings['profiles']['speed'];
export type SeatSettings = Settings['miners'][number];
export type StageSettings = ProfileSettings['stages'][number];
