import type { ProjectionTable } from '../model.ts';
import { difficultyOf } from '../rules/price.ts';
import { activityCutoff, isActive, nextEpochBlock, type World } from '../world/index.ts';
import { bySubnet, byUid, integer, overUids, parameter, plain } from './maps.ts';

/** Subnets, their hyperparameters and prices; arrays over their UIDs. */
export const subnetItems: ProjectionTable<World> = {
  'SubtensorModule.NetworksAdded': bySubnet(() => true),
  'SubtensorModule.TotalNetworks': plain((world) => world.subnets.size),
  'SubtensorModule.SubnetLimit': plain(() => 128),
  'SubtensorModule.NetworkImmunityPeriod': plain(
    (world) => world.networkImmunityPeriod,
    (world, value) => {
      world.networkImmunityPeriod = Number(value);
    },
  ),
  'SubtensorModule.NetworkMinLockCost': plain((world) => world.networkMinLockCost),
  'SubtensorModule.NetworkLastLockCost': plain((world) => world.networkLastLockCost),
  'SubtensorModule.NetworkLockReductionInterval': plain((world) => world.networkLockReductionInterval),
  'SubtensorModule.NetworkRegisteredAt': bySubnet(({ registeredAt }) => registeredAt),
  'SubtensorModule.SubnetOwner': bySubnet(({ owner }) => owner),
  'SubtensorModule.SubnetOwnerHotkey': bySubnet(({ ownerHotkey }) => ownerHotkey),
  'SubtensorModule.SubnetMechanism': bySubnet(({ netuid }) => (netuid === 0 ? 0 : 1)),
  'SubtensorModule.SubnetIdentitiesV3': bySubnet(({ identity }) => identity && { ...identity }),
  'SubtensorModule.TokenSymbol': bySubnet(({ symbol }) => symbol),
  'SubtensorModule.FirstEmissionBlockNumber': bySubnet(({ firstEmissionBlock }) => firstEmissionBlock),

  'SubtensorModule.Burn': bySubnet(
    ({ burn }) => burn,
    (subnet, value) => {
      subnet.burn = integer(value);
    },
  ),
  'SubtensorModule.Difficulty': bySubnet(difficultyOf, (subnet, value) => {
    subnet.difficulty = integer(value);
  }),
  'SubtensorModule.RegistrationsThisBlock': bySubnet(({ registrationsThisBlock }) => registrationsThisBlock),
  'SubtensorModule.RegistrationsThisInterval': bySubnet(
    ({ registrationsThisInterval }) => registrationsThisInterval,
  ),
  'SubtensorModule.RAORecycledForRegistration': bySubnet(({ raoRecycled }) => raoRecycled),
  'SubtensorModule.MinerBurned': bySubnet(
    ({ minerBurned }) => ({ bits: minerBurned }),
    (subnet, value) => {
      subnet.minerBurned = integer(value);
    },
  ),

  'SubtensorModule.Tempo': parameter('tempo'),
  'SubtensorModule.MaxAllowedUids': parameter('maxAllowedUids'),
  'SubtensorModule.MinNonImmuneUids': parameter('minNonImmuneUids'),
  'SubtensorModule.ImmuneOwnerUidsLimit': parameter('immuneOwnerUidsLimit'),
  'SubtensorModule.ImmunityPeriod': parameter('immunityPeriod'),
  'SubtensorModule.MaxAllowedValidators': parameter('maxAllowedValidators'),
  'SubtensorModule.NetworkRegistrationAllowed': parameter('networkRegistrationAllowed'),
  'SubtensorModule.NetworkPowRegistrationAllowed': parameter('networkPowRegistrationAllowed'),
  'SubtensorModule.MaxRegistrationsPerBlock': parameter('maxRegistrationsPerBlock'),
  'SubtensorModule.TargetRegistrationsPerInterval': parameter('targetRegistrationsPerInterval'),
  'SubtensorModule.AdjustmentInterval': parameter('adjustmentInterval'),
  'SubtensorModule.MinBurn': parameter('minBurn'),
  'SubtensorModule.MaxBurn': parameter('maxBurn'),
  'SubtensorModule.BurnHalfLife': parameter('burnHalfLife'),
  'SubtensorModule.BurnIncreaseMult': parameter('burnIncreaseMult'),
  'SubtensorModule.MinDifficulty': parameter('minDifficulty'),
  'SubtensorModule.MaxDifficulty': parameter('maxDifficulty'),
  'SubtensorModule.ServingRateLimit': parameter('servingRateLimit'),
  'SubtensorModule.WeightsSetRateLimit': parameter('weightsSetRateLimit'),
  'SubtensorModule.WeightsVersionKey': parameter('weightsVersionKey'),
  'SubtensorModule.MinAllowedWeights': parameter('minAllowedWeights'),
  'SubtensorModule.ActivityCutoffFactorMilli': parameter('activityCutoffFactorMilli'),
  'SubtensorModule.ActivityCutoff': bySubnet((subnet) => Number(activityCutoff(subnet))),
  'SubtensorModule.Kappa': parameter('kappa'),
  'SubtensorModule.Rho': parameter('rho'),
  'SubtensorModule.CommitRevealWeightsEnabled': parameter('commitRevealWeightsEnabled'),
  'SubtensorModule.RevealPeriodEpochs': parameter('revealPeriodEpochs'),
  'SubtensorModule.TransferToggle': parameter('transferToggle'),
  'SubtensorModule.SubtokenEnabled': parameter('subtokenEnabled'),
  'SubtensorModule.SubnetEmissionEnabled': parameter('subnetEmissionEnabled'),
  'SubtensorModule.OwnerCutEnabled': parameter('ownerCutEnabled'),
  'SubtensorModule.CollateralLockShare': parameter('collateralLockShare'),
  'SubtensorModule.CollateralDrainRatio': parameter('collateralDrainRatio'),
  'Swap.FeeRate': parameter('feeRate'),

  'SubtensorModule.LastEpochBlock': bySubnet(
    ({ lastEpochBlock }) => lastEpochBlock,
    (subnet, value) => {
      subnet.lastEpochBlock = Number(value);
    },
  ),
  'SubtensorModule.LastMechansimStepBlock': bySubnet(({ lastEpochBlock }) => lastEpochBlock),
  'SubtensorModule.BlocksSinceLastStep': bySubnet(
    ({ lastEpochBlock }, { blockNumber }) => blockNumber - lastEpochBlock,
  ),
  'SubtensorModule.SubnetEpochIndex': bySubnet(({ epochIndex }) => epochIndex),
  'SubtensorModule.PendingEpochAt': bySubnet((subnet, { blockNumber }) =>
    nextEpochBlock(subnet) === blockNumber + 1 ? blockNumber + 1 : undefined,
  ),
  'SubtensorModule.PendingServerEmission': bySubnet(({ pendingServer }) => pendingServer),
  'SubtensorModule.PendingValidatorEmission': bySubnet(({ pendingValidator }) => pendingValidator),
  'SubtensorModule.PendingOwnerCut': bySubnet(({ pendingOwner }) => pendingOwner),

  'SubtensorModule.SubnetworkN': bySubnet(({ neurons }) => neurons.length),
  'SubtensorModule.Emission': overUids(({ emission }) => emission),
  'SubtensorModule.Incentive': overUids(({ incentive }) => incentive),
  'SubtensorModule.Dividends': overUids(({ dividends }) => dividends),
  'SubtensorModule.Consensus': overUids(({ consensus }) => consensus),
  'SubtensorModule.ValidatorTrust': overUids(({ validatorTrust }) => validatorTrust),
  'SubtensorModule.ValidatorPermit': overUids(({ validatorPermit }) => validatorPermit),
  'SubtensorModule.LastUpdate': overUids(({ lastUpdate }) => lastUpdate),
  'SubtensorModule.Active': overUids((neuron, subnet, world) => isActive(subnet, neuron, world.blockNumber)),
  'SubtensorModule.Keys': byUid(({ hotkey }) => hotkey),
  'SubtensorModule.BlockAtRegistration': byUid(({ registeredAt }) => registeredAt),
  'SubtensorModule.Weights': byUid(({ weights }) => (weights.length === 0 ? undefined : weights)),

  'SubtensorModule.SubnetTAO': bySubnet(({ taoIn }) => taoIn),
  'SubtensorModule.SubnetAlphaIn': bySubnet(({ alphaIn }) => alphaIn),
  'SubtensorModule.SubnetAlphaOut': bySubnet(({ alphaOut }) => alphaOut),
  'SubtensorModule.SubnetVolume': bySubnet(({ volume }) => volume),
  'SubtensorModule.SubnetMovingPrice': bySubnet(
    ({ movingPrice }) => ({ bits: movingPrice }),
    (subnet, value) => {
      subnet.movingPrice = integer(value);
    },
  ),
  'SubtensorModule.SubnetAlphaOutEmission': bySubnet(({ params }) =>
    params.subnetEmissionEnabled ? 1_000_000_000n : 0n,
  ),
  'Swap.PalSwapInitialized': bySubnet(({ netuid }) => netuid !== 0),
  'SubtensorModule.TaoWeight': plain((world) => world.taoWeight),
  'SubtensorModule.StakeThreshold': plain((world) => world.stakeThreshold),
};
