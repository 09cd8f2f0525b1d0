import { formatTao, parseTao, type Rao } from '../../amount/index.ts';
import {
  billLines,
  type Chain,
  countText,
  measureWork,
  mostTaken,
  type Preparation,
  proofMs,
  proofTimeText,
} from '../../chain/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { Ask } from '../../ui/index.ts';
import type { RegisterFlags } from './flags.ts';

export interface AgreementOptions {
  readonly chain: Chain;
  readonly preparation: Preparation;
  readonly flags: RegisterFlags;
  readonly ask: Ask;
  readonly say: (line: string) => void;
}

const ACCEPT = 'accept unpaid';

/**
 * Shows the bill and gets the agreement of the person, or finds it in the flags.
 * @throws ERR_SUBNET_PAYS_NOBODY, ERR_PRICE_ABOVE_CEILING, ERR_NEEDS_ANSWER, ERR_ABORTED
 */
export async function agreement(options: AgreementOptions): Promise<{ readonly ceiling: Rao }> {
  const { preparation, flags, ask } = options;
  await showBill(options);
  await acceptUnpaid(options);
  if (flags.pow) {
    await confirmed(ask, 'Search for a proof of work and register with it?');
    return { ceiling: preparation.survey.price };
  }
  const given = ceilingOf(flags);
  const ceiling = given ?? (await askCeiling(options));
  refuseAbove(ceiling, options);
  options.say(ceilingLine(preparation, ceiling));
  // Who has just typed the amount has agreed to it.
  if (given !== undefined) await confirmed(ask, `Register for at most ${formatTao(ceiling)} each?`);
  return { ceiling };
}

/**
 * What a run would be held to is held to it in a dry run, too.
 * @throws ERR_PRICE_ABOVE_CEILING when the price is above the ceiling now, and it is not waited for
 */
export function refuseAbove(
  ceiling: Rao,
  { preparation, flags }: Pick<AgreementOptions, 'preparation' | 'flags'>,
): void {
  const { price } = preparation.survey;
  if (ceiling >= price || flags['wait-for-price'] !== undefined) return;
  throw new Sv72Error(
    'ERR_PRICE_ABOVE_CEILING',
    `The price is ${formatTao(price)}, above the ceiling of ${formatTao(ceiling)}; nothing was signed.`,
    { details: { priceRao: price.toString(), ceilingRao: ceiling.toString() } },
  );
}

/**
 * The bill, and with proof of work how long it takes here.
 * @returns milliseconds that a proof takes here on average; undefined when that is not known or not asked for
 */
export async function showBill({
  chain,
  preparation,
  flags,
  say,
}: Pick<AgreementOptions, 'chain' | 'preparation' | 'flags' | 'say'>): Promise<number | undefined> {
  for (const line of billLines(preparation, chain)) say(line);
  const { pow } = preparation.survey;
  let averageMs: number | undefined;
  if (flags.pow && pow !== undefined) {
    const rate = await measureWork(flags['pow-threads']);
    averageMs = proofMs(pow.difficulty, rate);
    const average = proofTimeText(pow.difficulty, rate);
    say(
      average === undefined
        ? '\n  How fast this machine searches could not be measured.'
        : `\n  This machine makes ${countText(rate)} tries a second: a proof takes ${average} on average.`,
    );
  }
  say('');
  return averageMs;
}

/** The ceiling that the flags give. @throws ERR_USAGE when it is below the price waited for */
export function ceilingOf(flags: Pick<RegisterFlags, 'max-price' | 'wait-for-price'>): Rao | undefined {
  const { 'max-price': most, 'wait-for-price': wait } = flags;
  if (most !== undefined && wait !== undefined && most < wait) {
    throw new Sv72Error(
      'ERR_USAGE',
      '--max-price is below --wait-for-price, so nothing would ever be bought.',
    );
  }
  return most ?? wait;
}

/** Asks for the ceiling; without a terminal that is refused. */
export async function askCeiling({
  preparation,
  ask,
}: Pick<AgreementOptions, 'preparation' | 'ask'>): Promise<Rao> {
  const { suggestedCeiling, survey } = preparation;
  const text = await ask.text({
    flag: '--max-price',
    message: `The most that one registration may cost, in TAO (now ${formatTao(survey.price)}; ${formatTao(suggestedCeiling)} leaves room for others who register first):`,
    validate: (typed) => parseTao(typed) !== undefined || 'Type an amount such as 0.05.',
  });
  const amount = parseTao(text);
  if (amount === undefined) throw new Sv72Error('ERR_ABORTED', 'No amount was given, so nothing was done.');
  return amount;
}

/** What the ceiling comes to, and who holds it. */
export function ceilingLine({ survey, fee, ceilingHeld }: Preparation, ceiling: Rao): string {
  const most = fee === undefined ? '' : `, ${formatTao(mostTaken(survey, ceiling, fee))} in all with fees`;
  const held = ceilingHeld ? 'the chain itself refuses more' : 'this chain cannot hold it for you';
  return `Ceiling: ${formatTao(ceiling)} a registration${most}; ${held}.`;
}

async function acceptUnpaid({ preparation, flags, ask }: AgreementOptions): Promise<void> {
  const { paying, survey } = preparation;
  if (paying.verdict !== 'nobody' || flags['accept-unpaid']) return;
  const since = paying.reasons.find(({ name, kind }) => name === 'lastPaid' && kind === 'bad')?.text;
  const sentence = `Subnet ${survey.netuid} pays no miner now.${since === undefined ? '' : ` ${since}`}`;
  const refused = () => new Sv72Error('ERR_SUBNET_PAYS_NOBODY', sentence);
  if (!ask.interactive) throw refused();
  const message = `${sentence} Type "${ACCEPT}" to register all the same:`;
  if (!(await ask.typed({ flag: '--accept-unpaid', message, expected: ACCEPT }))) throw refused();
}

async function confirmed(ask: Ask, message: string): Promise<void> {
  if (await ask.confirm({ flag: '--yes', message })) return;
  throw new Sv72Error('ERR_ABORTED', 'Nothing was signed.');
}
