import type { CallTable, ChainEvent, Hex } from '../model.ts';
import { type Subnet, uidOf, type World } from '../world/index.ts';
import { type Context, failure, handler, refusal, signed, subtensorEvent } from './context.ts';

type Endpoint = { netuid: number; version: number; ip: bigint; port: number; ip_type: number };
type AxonCall = Endpoint & {
  protocol: number;
  placeholder1: number;
  placeholder2: number;
  certificate?: Hex;
};

const MOST_V4 = 0xffff_ffffn;
const MOST_V6 = (1n << 128n) - 1n;

/** subnets/serving.rs: 0.0.0.0 is good for an axon only; private ranges are not refused. */
function goodAddress(type: number, ip: bigint, zeroAllowed: boolean): boolean {
  if (ip === 0n) return zeroAllowed;
  return type === 4 ? ip < MOST_V4 && ip !== 0x7f00_0001n : ip < MOST_V6 && ip !== 1n;
}

interface Previous {
  readonly block: number;
}

/** Checks in the runtime's order: the UID, the address, the rate limit, the port. Signed by the hotkey. */
function check(
  world: Readonly<World>,
  context: Context<Endpoint>,
  zeroAllowed: boolean,
  previous: (subnet: Subnet, hotkey: Hex) => Previous | undefined,
): { subnet: Subnet; hotkey: Hex } {
  const { args, features } = context;
  const hotkey = signed(context);
  const subnet = world.subnets.get(args.netuid);
  if (subnet === undefined || uidOf(subnet, hotkey) === undefined)
    throw failure(features, 'HotKeyNotRegisteredInNetwork');
  if (args.ip_type !== 4 && args.ip_type !== 6) throw failure(features, 'InvalidIpType');
  if (!goodAddress(args.ip_type, args.ip, zeroAllowed)) throw failure(features, 'InvalidIpAddress');
  const last = previous(subnet, hotkey);
  if (last !== undefined && BigInt(context.block - last.block) < subnet.params.servingRateLimit)
    throw failure(features, 'ServingRateLimitExceeded');
  if (args.port === 0) throw failure(features, 'InvalidPort');
  return { subnet, hotkey };
}

const checkAxon = (world: Readonly<World>, context: Context<AxonCall>) =>
  check(world, context, true, (subnet, hotkey) => subnet.axons.get(hotkey));

const checkPrometheus = (world: Readonly<World>, context: Context<Endpoint>) =>
  check(world, context, false, (subnet, hotkey) => subnet.prometheus.get(hotkey));

function serveAxon(world: World, context: Context<AxonCall>): ChainEvent[] {
  const { subnet, hotkey } = checkAxon(world, context);
  const { version, ip, port, ip_type, protocol, placeholder1, placeholder2, certificate } = context.args;
  subnet.axons.set(hotkey, {
    block: context.block,
    version,
    ip,
    port,
    ip_type,
    protocol,
    placeholder1,
    placeholder2,
  });
  const bytes = certificate === undefined ? Buffer.alloc(0) : Buffer.from(certificate.slice(2), 'hex');
  const [algorithm] = bytes;
  if (algorithm !== undefined && bytes.length <= 65)
    subnet.certificates.set(hotkey, { algorithm, public_key: `0x${bytes.subarray(1).toString('hex')}` });
  return [subtensorEvent('AxonServed', [subnet.netuid, hotkey])];
}

const axon = handler<AxonCall>({
  dispatch: serveAxon,
  validate: (world, context) => refusal(() => checkAxon(world, context)),
  paysFee: false,
});

export const servingCalls: CallTable<World> = {
  'SubtensorModule.serve_axon': axon,
  'SubtensorModule.serve_axon_tls': axon,
  'SubtensorModule.serve_prometheus': handler<Endpoint>({
    dispatch(world, context) {
      const { subnet, hotkey } = checkPrometheus(world, context);
      const { version, ip, port, ip_type } = context.args;
      subnet.prometheus.set(hotkey, { block: context.block, version, ip, port, ip_type });
      return [subtensorEvent('PrometheusServed', [subnet.netuid, hotkey])];
    },
    validate: (world, context) => refusal(() => checkPrometheus(world, context)),
    paysFee: false,
  }),
};
