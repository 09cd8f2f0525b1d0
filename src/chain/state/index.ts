export * from './axon.ts';
export * from './balance.ts';
export * from './ip.ts';
export { type Metagraph, type Neuron, pruningOf, readMetagraph } from './metagraph.ts';
export { type PayingOptions, readPaying } from './paying.ts';
export * from './price.ts';
export {
  readOwnedNeurons,
  readOwner,
  readOwnerImmuneUids,
  readPruning,
  readUid,
  type SubnetOwner,
} from './pruning.ts';
