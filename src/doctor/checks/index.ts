import type { Check } from '../types.ts';
import { axon } from './axon.ts';
import { bundle } from './bundle.ts';
import { card } from './card.ts';
import { clock } from './clock.ts';
import { coldkey } from './coldkey.ts';
import { containers } from './containers.ts';
import { cron } from './cron.ts';
import { disk } from './disk.ts';
import { endpoint } from './endpoint.ts';
import { engine } from './engine.ts';
import { fileLimit } from './files-limit.ts';
import { firewall } from './firewall.ts';
import { gpu } from './gpu.ts';
import { memory } from './memory.ts';
import { nodeVersion } from './node.ts';
import { packages } from './packages.ts';
import { paying } from './paying.ts';
import { ports } from './ports.ts';
import { registration } from './registration.ts';
import { store } from './store.ts';
import { wallet } from './wallet.ts';

/** Every check, in the order a person would ask. */
export const CHECKS: readonly Check[] = [
  paying,
  endpoint,
  registration,
  axon,
  clock,
  wallet,
  coldkey,
  bundle,
  card,
  engine,
  gpu,
  ports,
  firewall,
  store,
  disk,
  memory,
  fileLimit,
  containers,
  cron,
  nodeVersion,
  packages,
];
