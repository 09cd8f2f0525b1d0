/** `npm run devchain`: a chain to try every command on, with nothing at stake. */
import { parseArgs } from 'node:util';
import { formatTao, parseTao, rao } from '../../../src/amount/index.ts';
import { ss58Decode, ss58Encode } from '../../../src/wallet/index.ts';
import { type Devchain, startDevchain, VARIANTS } from './index.ts';
import { logBlocks } from './log.ts';
import { aboutScenario, FUNDED, OWNER, scenarioNames, VALIDATORS } from './runtime.ts';
import { fromHex, toHex } from './scale/bytes.ts';
import { keyOf } from './scenarios/index.ts';

const HELP = `A chain for trying sv72: mainnet's metadata and rules, on this machine alone, forgotten when it stops.

npm run devchain -- [options]
  --port N              default 9944; 0 takes any free one
  --host ADDRESS        default 127.0.0.1
  --slot-ms N           a block every N ms (default 3000), or: instant (one with each submission), manual (dev_mine)
${scenarioNames.map((name) => `  --scenario ${name.padEnd(10)} ${aboutScenario(name)}`).join('\n')}
  --variant NAME        runtime: ${VARIANTS.join(', ')}; default spec424, newer where the scenario needs it
  --slot-duration N     what the runtime says a slot takes, ms; default what it takes
  --finality-lag N      blocks between the best and the finalized one (default 1; 0 with instant)
  --spelling NAME       node or fork: how the pool words refusals
  --fund ADDRESS=TAO    gives an account money; may be repeated
  --endpoints N         several addresses, for trying fail-over
  --no-history          the chain forgets old blocks as a node does; else, where the scenario has a past, it is an archive
  --quiet               says nothing of blocks and extrinsics`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9944' },
    host: { type: 'string', default: '127.0.0.1' },
    'slot-ms': { type: 'string', default: '3000' },
    scenario: { type: 'string', default: 'paying' },
    variant: { type: 'string' },
    'slot-duration': { type: 'string' },
    'finality-lag': { type: 'string' },
    spelling: { type: 'string', default: 'node' },
    fund: { type: 'string', multiple: true, default: [] },
    endpoints: { type: 'string', default: '1' },
    'no-history': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false, short: 'h' },
  },
});

const say = (line = '') => process.stdout.write(`${line}\n`);

if (values.help) say(HELP);
else
  await main().catch((error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE';
    process.stderr.write(
      taken ? `Port ${values.port} is taken; give another with --port.\n` : `${error.message}\n`,
    );
    process.exitCode = 1;
  });

async function main(): Promise<void> {
  const slots = values['slot-ms'];
  const gifts = values.fund.map(parseGift);
  const dev = await startDevchain({
    port: wholeNumber('--port', values.port),
    host: values.host,
    slotMs: slots === 'instant' || slots === 'manual' ? slots : wholeNumber('--slot-ms', slots),
    scenario: values.scenario,
    variant: oneOf('--variant', values.variant ?? ofScenario(values.scenario), VARIANTS),
    spelling: oneOf('--spelling', values.spelling, ['node', 'fork'] as const),
    endpoints: wholeNumber('--endpoints', values.endpoints),
    history: !values['no-history'],
    ...optional(
      'slotDurationMs',
      '--slot-duration',
      values['slot-duration'] ?? (/^\d+$/.test(slots) ? slots : undefined),
    ),
    ...optional('finalityLag', '--finality-lag', values['finality-lag']),
  });
  for (const gift of gifts) give(dev, gift);
  introduce(dev);
  if (!values.quiet) logBlocks(dev.chain, say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void dev.close().then(() => process.exit(0)));
}

function introduce(dev: Devchain): void {
  const { version } = dev.chain.image;
  const row = (uri: string, what: string) =>
    say(`  ${uri.padEnd(16)} ${ss58Encode(fromHex(keyOf(uri)))}  ${what}`);
  const free = (uri: string) => formatTao(rao(dev.world.accounts.get(keyOf(uri))?.free ?? 0n));
  const url = dev.endpoint;
  say(
    `Test chain at ${dev.endpoints.map((endpoint) => endpoint.url).join(', ')} (runtime ${version.spec_version}).`,
  );
  say("Block hashes begin with finney's genesis, but nothing here is worth anything.");
  say();
  say('Accounts: public development keys, to be had by name');
  for (const uri of Object.keys(FUNDED)) row(uri, free(uri));
  say();
  say("Subnet 72's owner and validators; their hotkeys are …//hot");
  row(OWNER, free(OWNER));
  for (const uri of VALIDATORS) row(uri, free(uri));
  say();
  say('Try');
  say('  sv72 wallet new-coldkey -w alice --uri alice --no-password');
  say('  sv72 wallet new-hotkey -w alice -H miner1 --uri //Alice//miner1');
  say(`  sv72 paying --network ${url}`);
  say(`  sv72 metagraph --network ${url}`);
  say(`  sv72 balance -w alice --network ${url}`);
  say(`  sv72 register -w alice -H miner1 --network ${url} --dry-run`);
  say();
  say('Money for your own key, and other hands on the chain (docs/devchain.md):');
  say(
    `  curl -d '{"id":1,"method":"dev_fund","params":["ADDRESS","5000000000"]}' ${url.replace('ws:', 'http:')}`,
  );
  say();
}

/** Collateral and proof of work came after spec 424. */
function ofScenario(scenario: string): string {
  return scenario === 'collateral' || scenario === 'pow' ? 'newer' : 'spec424';
}

interface Gift {
  readonly key: string;
  /** rao */
  readonly amount: bigint;
}

function parseGift(text: string): Gift {
  const [address = '', tao = ''] = text.split('=');
  const amount = parseTao(tao);
  if (amount === undefined) throw new RangeError(`--fund ${text}: wants ADDRESS=TAO`);
  return { key: toHex(ss58Decode(address)), amount };
}

function give(dev: Devchain, { key, amount }: Gift): void {
  const account = dev.world.accounts.get(key) ?? { free: 0n, reserved: 0n, nonce: 0 };
  dev.world.accounts.set(key, { ...account, free: account.free + amount });
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new RangeError(`${flag} wants a whole number, not ${text}`);
  return Number(text);
}

function optional<K extends string>(
  name: K,
  flag: string,
  text: string | undefined,
): Partial<Record<K, number>> {
  return text === undefined ? {} : ({ [name]: wholeNumber(flag, text) } as Partial<Record<K, number>>);
}

function oneOf<T extends string>(flag: string, text: string, all: readonly T[]): T {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new RangeError(`${flag} is one of ${all.join(', ')}, not ${text}`);
  return found;
}
