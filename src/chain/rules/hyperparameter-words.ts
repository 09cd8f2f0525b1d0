/** How a setting of a subnet reads: what it is about, its value with a unit, and what it means for a miner. */
export interface HyperparameterWords {
  readonly topic: Topic;
  readonly meaning: string;
  readonly unit: Unit;
}

type Topic = 'registering' | 'staying' | 'serving' | 'pay' | 'validators' | 'other';

/** What a number counts. `of 65535` and `of 2^64` are shares, `of 1000000` a share by millionths. */
type Unit = 'blocks' | 'number' | 'of 65535' | 'of 2^64' | 'of 1000000' | 'tao' | 'switch';

/** By the chain's name. A setting that is not here is shown by its name alone. */
export const HYPERPARAMETERS: Readonly<Record<string, HyperparameterWords>> = {
  registration_allowed: words('registering', 'switch', 'whether one may register by paying'),
  pow_registration_allowed: words('registering', 'switch', 'whether one may register by proof of work'),
  network_pow_registration_allowed: words(
    'registering',
    'switch',
    'whether one may register by proof of work',
  ),
  burn: words('registering', 'tao', 'price of a registration now'),
  min_burn: words('registering', 'tao', 'lowest price of a registration'),
  max_burn: words('registering', 'tao', 'highest price of a registration'),
  burn_half_life: words('registering', 'blocks', 'the price halves in that time when nobody registers'),
  burn_increase_mult: words('registering', 'number', 'each registration multiplies the price by it'),
  collateral_lock_share: words(
    'registering',
    'of 65535',
    'part of the price that is locked as collateral instead of burned',
  ),
  collateral_drain_ratio: words('registering', 'number', 'collateral released for each alpha earned'),
  difficulty: words('registering', 'number', 'difficulty of a proof of work now: tries it takes on average'),
  min_difficulty: words('registering', 'number', 'lowest difficulty'),
  max_difficulty: words('registering', 'number', 'highest difficulty'),
  adjustment_interval: words('registering', 'blocks', 'older rule: the price is adjusted that often'),
  adjustment_alpha: words(
    'registering',
    'of 2^64',
    'older rule: how much of the old price an adjustment keeps',
  ),
  target_regs_per_interval: words('registering', 'number', 'older rule: registrations an interval aims at'),
  max_regs_per_block: words('registering', 'number', 'most registrations by proof of work in a block'),
  max_allowed_uids: words('staying', 'number', 'places on the subnet'),
  immunity_period: words('staying', 'blocks', 'a newcomer is immune that long'),
  min_non_immune_uids: words(
    'staying',
    'number',
    'when no more than that are without immunity, an immune one is pushed out',
  ),
  immune_owner_uids_limit: words('staying', 'number', 'UIDs of the owner that are never pushed out'),
  serving_rate_limit: words('serving', 'blocks', 'an axon may be announced anew after that time'),
  tempo: words('pay', 'blocks', 'length of an epoch: pay comes once in it'),
  subnet_is_active: words('pay', 'switch', 'whether the subnet was started'),
  yuma_version: words('pay', 'number', 'version of the consensus'),
  kappa: words('pay', 'of 65535', 'majority of stake that a weight needs to count in full'),
  rho: words('pay', 'number', 'steepness of the older consensus'),
  liquid_alpha_enabled: words('pay', 'switch', 'whether bonds follow consensus faster or slower'),
  alpha_high: words('pay', 'of 65535', 'fastest such rate'),
  alpha_low: words('pay', 'of 65535', 'slowest such rate'),
  alpha_sigmoid_steepness: words('pay', 'number', 'how sharply it goes from one to the other'),
  bonds_moving_avg: words('pay', 'of 1000000', 'how much of their old bonds validators keep in an epoch'),
  bonds_penalty: words('pay', 'of 65535', 'how much is taken from bonds out of consensus'),
  bonds_reset_enabled: words('pay', 'switch', 'whether bonds can be reset by a commitment'),
  transfers_enabled: words('other', 'switch', 'whether stake on the subnet may be transferred'),
  user_liquidity_enabled: words('other', 'switch', 'whether users may provide liquidity'),
  max_validators: words('validators', 'number', 'most validators with a permit'),
  max_allowed_validators: words('validators', 'number', 'most validators with a permit'),
  min_allowed_weights: words('validators', 'number', 'fewest miners a validator must weigh'),
  max_weights_limit: words('validators', 'of 65535', 'most weight for one miner'),
  max_weight_limit: words('validators', 'of 65535', 'most weight for one miner'),
  weights_version: words('validators', 'number', 'version that weights must carry'),
  weights_rate_limit: words('validators', 'blocks', 'weights may be set anew after that time'),
  activity_cutoff: words(
    'validators',
    'blocks',
    'a validator counts as active that long after setting weights',
  ),
  activity_cutoff_factor: words('validators', 'number', 'the same in thousandths of an epoch'),
  commit_reveal_weights_enabled: words(
    'validators',
    'switch',
    'whether weights are committed first and revealed later',
  ),
  commit_reveal_period: words('validators', 'number', 'epochs until they are revealed'),
};

function words(topic: Topic, unit: Unit, meaning: string): HyperparameterWords {
  return { topic, unit, meaning };
}
