import { HELD_CONNECTIONS } from '../../axon/index.ts';
import { findLocalMiners } from '../../miner/index.ts';
import type { Check } from '../types.ts';

/** Descriptors a miner has open beside its connections. */
const BESIDE = 64;

/** Whether the limit on open files lets the miner hold as many connections as the settings say. */
export const fileLimit: Check = {
  id: 'file-limit',
  title: 'limit on open files',
  async run({ settings, miners, readText }) {
    const miner = (await findLocalMiners())[0];
    const text = readText(miner === undefined ? '/proc/self/limits' : `/proc/${miner.pid}/limits`);
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text ?? '')?.[1];
    if (soft === undefined)
      return { status: 'unknown', sentence: 'The limit on open files cannot be read here.' };
    const axons = miners.length;
    const connections = axons * settings.axon.max_connections;
    const wanted = connections + axons * HELD_CONNECTIONS + BESIDE;
    const whose = miner === undefined ? 'this shell' : 'the running miner';
    if (soft === 'unlimited' || Number(soft) >= wanted) {
      return {
        status: 'ok',
        sentence: `${soft} open files for ${whose}; ${connections} connections, and those that made room, need ${wanted}.`,
      };
    }
    return {
      status: 'warning',
      sentence: `${soft} open files for ${whose}, but ${connections} connections, and those that made room, need ${wanted}.`,
      fix: `ulimit -n ${wanted}`,
    };
  },
};
