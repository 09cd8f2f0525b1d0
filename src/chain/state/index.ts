export * from './axon.ts';
export * from './balance.ts';
export * from './commitment.ts';
export { hyperparameterText, hyperparameterWords } from './hyperparameter-text.ts';
export { type Hyperparameter, readHyperparameters } from './hyperparameters.ts';
export * from './ip.ts';
export { type Metagraph, type Neuron, readMetagraph, sharedMetagraph } from './metagraph.ts';
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
export * from './stake.ts';
export * from './subnet.ts';
