export {
  type Bill,
  type BillInput,
  type CollateralTerms,
  type Funds,
  mostCharged,
  NO_COLLATERAL,
  registrationBill,
  registrationBills,
  registrationCharge,
  spendable,
} from './bill.ts';
export {
  judgePaying,
  known,
  type LastPaid,
  type PastBlock,
  type Paying,
  type PayingSignals,
  type Reason,
  type Signal,
  unknown,
  type Verdict,
  type WeightRows,
} from './paying.ts';
export {
  blocksUntilPrice,
  decayFactor,
  type PriceMovement,
  type PriceRule,
  type PriceSample,
  priceAfterBlocks,
  priceAfterRegistrations,
  priceMovement,
} from './price.ts';
export {
  freeSlots,
  immunityLeft,
  isImmune,
  type NextSlot,
  neuronToPrune,
  nextSlot,
  type OwnedNeuron,
  ownerImmuneUids,
  type PrunableNeuron,
  type PruningInput,
  pruningOrder,
  type Standing,
  standingOf,
} from './pruning.ts';

export { blocksText, durationText } from './time.ts';
