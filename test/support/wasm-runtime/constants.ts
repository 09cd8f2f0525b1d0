import { readFileSync } from 'node:fs';
import { type MetadataModel, V16 } from '../devchain/metadata/format.ts';
import { RuntimeImage } from '../devchain/runtime-image.ts';
import { Reader } from '../devchain/scale/bytes.ts';
import { METADATA_KEY } from './metadata-key.ts';

/** Storage items that the runtime touches, with the hashers that its source takes for granted. */
const ITEMS: Readonly<Record<string, readonly string[]>> = {
  'System.Account': ['blake'],
  'System.BlockHash': ['twox'],
  'System.Digest': [],
  'System.EventCount': [],
  'System.Events': [],
  'System.Number': [],
  'System.ParentHash': [],
  'Timestamp.Now': [],
  'Proxy.Proxies': ['twox'],
  'SubtensorModule.Active': ['identity'],
  'SubtensorModule.Axons': ['identity', 'blake'],
  'SubtensorModule.BlockAtRegistration': ['identity', 'identity'],
  'SubtensorModule.Burn': ['identity'],
  'SubtensorModule.BurnHalfLife': ['identity'],
  'SubtensorModule.BurnIncreaseMult': ['identity'],
  'SubtensorModule.Emission': ['identity'],
  'SubtensorModule.ImmunityPeriod': ['identity'],
  'SubtensorModule.Incentive': ['identity'],
  'SubtensorModule.IsNetworkMember': ['blake', 'identity'],
  'SubtensorModule.Keys': ['identity', 'identity'],
  'SubtensorModule.LastUpdate': ['identity'],
  'SubtensorModule.MaxAllowedUids': ['identity'],
  'SubtensorModule.MaxBurn': ['identity'],
  'SubtensorModule.MinBurn': ['identity'],
  'SubtensorModule.MinNonImmuneUids': ['identity'],
  'SubtensorModule.NetworkRegistrationAllowed': ['identity'],
  'SubtensorModule.NetworksAdded': ['identity'],
  'SubtensorModule.OwnedHotkeys': ['blake'],
  'SubtensorModule.Owner': ['blake'],
  'SubtensorModule.Prometheus': ['identity', 'blake'],
  'SubtensorModule.SubnetOwnerHotkey': ['identity'],
  'SubtensorModule.SubnetworkN': ['identity'],
  'SubtensorModule.Uids': ['identity', 'blake'],
};

const PALLETS: Readonly<Record<string, string>> = {
  SYSTEM: 'System',
  TIMESTAMP: 'Timestamp',
  BALANCES: 'Balances',
  TRANSACTION_PAYMENT: 'TransactionPayment',
  SUBTENSOR: 'SubtensorModule',
  PROXY: 'Proxy',
};

/** Variants of the metadata's enums: where, pallet, name. */
const VARIANTS: Readonly<Record<string, readonly ['calls' | 'events' | 'errors', string, string]>> = {
  CALL_TIMESTAMP_SET: ['calls', 'Timestamp', 'set'],
  CALL_BURNED_REGISTER: ['calls', 'SubtensorModule', 'burned_register'],
  CALL_REGISTER_LIMIT: ['calls', 'SubtensorModule', 'register_limit'],
  CALL_PROXY: ['calls', 'Proxy', 'proxy'],
  BALANCES_ENDOWED: ['events', 'Balances', 'Endowed'],
  BALANCES_TRANSFER: ['events', 'Balances', 'Transfer'],
  BALANCES_WITHDRAW: ['events', 'Balances', 'Withdraw'],
  EXTRINSIC_FAILED: ['events', 'System', 'ExtrinsicFailed'],
  EXTRINSIC_SUCCESS: ['events', 'System', 'ExtrinsicSuccess'],
  FEE_PAID: ['events', 'TransactionPayment', 'TransactionFeePaid'],
  NEURON_REGISTERED: ['events', 'SubtensorModule', 'NeuronRegistered'],
  NEW_ACCOUNT: ['events', 'System', 'NewAccount'],
  PROXY_EXECUTED: ['events', 'Proxy', 'ProxyExecuted'],
  ALREADY_REGISTERED: ['errors', 'SubtensorModule', 'HotKeyAlreadyRegisteredInSubNet'],
  COLDKEY_CANNOT_PAY: ['errors', 'SubtensorModule', 'NotEnoughBalanceToStake'],
  NO_NEURON_ID: ['errors', 'SubtensorModule', 'NoNeuronIdAvailable'],
  NON_ASSOCIATED_COLDKEY: ['errors', 'SubtensorModule', 'NonAssociatedColdKey'],
  NOT_ON_ROOT: ['errors', 'SubtensorModule', 'RegistrationNotPermittedOnRootSubnet'],
  NOT_PROXY: ['errors', 'Proxy', 'NotProxy'],
  PRICE_LIMIT_EXCEEDED: ['errors', 'SubtensorModule', 'RegistrationPriceLimitExceeded'],
  REGISTRATION_DISABLED: ['errors', 'SubtensorModule', 'SubNetRegistrationDisabled'],
  SUBNET_NOT_EXISTS: ['errors', 'SubtensorModule', 'SubnetNotExists'],
};

/**
 * The source of the runtime's module `metadata`: all indexes, prefixes and versions, taken from the real metadata.
 * @throws when an item, a variant or a hasher is not as the runtime's source expects
 */
export function metadataModule(metadata: Uint8Array): string {
  const model = V16.read(new Reader(metadata.subarray(5)));
  const image = new RuntimeImage(model);
  const lines: string[] = [];
  const number = (name: string, value: number | bigint) =>
    lines.push(`export const ${name}: u64 = ${value};`);
  const index = (name: string, value: number) => lines.push(`export const ${name}: u32 = ${value};`);
  const bytes = (name: string, value: Uint8Array) =>
    lines.push(`export const ${name}: usize = memory.data<u8>([${value.join(', ')}]);`);

  for (const [name, hashers] of Object.entries(ITEMS)) {
    const [pallet = '', item = ''] = name.split('.');
    const found = image.item(pallet, item);
    if (found === undefined) throw new Error(`no storage item ${name}`);
    const real = found.keys.map(({ hasher }) =>
      hasher.length === 0 ? 'identity' : hasher.length === 8 ? 'twox' : 'blake',
    );
    if (real.join() !== hashers.join()) throw new Error(`${name} is hashed by ${real.join()}`);
    const short = pallet === 'SubtensorModule' ? 'SUBTENSOR' : pallet.toUpperCase();
    bytes(`${short}_${item.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`, found.prefix);
  }
  for (const [name, pallet] of Object.entries(PALLETS)) index(name, palletOf(model, pallet).index);
  for (const [name, [kind, pallet, variant]] of Object.entries(VARIANTS)) {
    index(name, variantIndex(model, palletOf(model, pallet)[kind]?.type, variant));
  }
  const proxyType = typeAt(model, 'Proxy', 'add_proxy', 'proxy_type');
  index('PROXY_ANY', variantIndex(model, proxyType, 'Any'));
  index('PROXY_REGISTRATION', variantIndex(model, proxyType, 'Registration'));

  const version = palletOf(model, 'System').constants.find(({ name }) => name === 'Version')?.value;
  if (version === undefined) throw new Error('no System.Version');
  bytes('RUNTIME_VERSION', version);
  lines.push(`export const RUNTIME_VERSION_LENGTH: usize = ${version.length};`);
  index('SPEC_VERSION', image.version.spec_version);
  index('TRANSACTION_VERSION', image.version.transaction_version);
  number('SLOT_DURATION', BigInt(String(image.constant('Aura', 'SlotDuration') ?? 12_000n)));
  number('EXISTENTIAL_DEPOSIT', BigInt(String(image.constant('Balances', 'ExistentialDeposit'))));
  const weights = image.constant('System', 'BlockWeights') as {
    per_class: { normal: { base_extrinsic: { ref_time: bigint } } };
  };
  number('BASE_WEIGHT', weights.per_class.normal.base_extrinsic.ref_time);
  bytes('EXTRINSIC_INDEX', Buffer.from(':extrinsic_index'));
  bytes('METADATA_KEY', Buffer.from(METADATA_KEY));
  lines.push(`export const METADATA_KEY_LENGTH: usize = ${METADATA_KEY.length};`);
  bytes('SUBNET_ACCOUNT', Buffer.concat([Buffer.from('modlsubtensr'), Buffer.alloc(20)]));
  return `${lines.join('\n')}\n`;
}

function palletOf(model: MetadataModel, name: string) {
  const found = model.pallets.find((pallet) => pallet.name === name);
  if (found === undefined) throw new Error(`no pallet ${name}`);
  return found;
}

function definitionOf(model: MetadataModel, type: number | undefined) {
  return model.types.find(({ id }) => id === type)?.definition;
}

function variantIndex(model: MetadataModel, type: number | undefined, name: string): number {
  const definition = definitionOf(model, type);
  const found =
    definition?.kind === 'variant' ? definition.value.find((one) => one.name === name) : undefined;
  if (found === undefined) throw new Error(`no variant ${name}`);
  return found.index;
}

function typeAt(model: MetadataModel, pallet: string, call: string, field: string): number {
  const type = palletOf(model, pallet).calls?.type;
  const definition = definitionOf(model, type);
  const variant =
    definition?.kind === 'variant' ? definition.value.find((one) => one.name === call) : undefined;
  const found = variant?.fields.find((one) => one.name === field);
  if (found === undefined) throw new Error(`no field ${field} of ${pallet}.${call}`);
  return found.type;
}

/** The metadata that the test chain serves. */
export function servedMetadata(): Uint8Array {
  return readFileSync(new URL('../devchain/metadata/finney-2026-07-04-spec424.scale', import.meta.url));
}
