import { formatTao } from '../../amount/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { type RunBill, unregistered } from './bills.ts';
import { coldkeyOf, type RegisterRequest } from './request.ts';
import type { Survey } from './survey.ts';

/**
 * Refuses what the chain would refuse, in the order of its own checks (subtensor, subnets/registration.rs, do_register), so that
 * nothing is signed in vain. A hotkey that is registered is no reason: it is done.
 * @param bill undefined while it is not known who pays
 * @throws ERR_CANNOT_REGISTER, ERR_PROXY, ERR_BALANCE_TOO_LOW
 */
export function refuseImpossible(request: RegisterRequest, survey: Survey, bill: RunBill | undefined): void {
  const { netuid } = survey;
  const wanted = unregistered(survey);
  if (wanted.length === 0) return;
  refuseProxy(request, survey);
  if (survey.coldkeySwap) {
    throw cannot(
      'A swap of the coldkey was announced; until it is done the chain takes no other call of it.',
      {
        reason: 'ColdkeySwapAnnounced',
        next: 'Finish or clear the swap first.',
      },
    );
  }
  if (bill !== undefined) refuseTooLittle(request, survey, bill);
  const coldkey = coldkeyOf(request);
  const foreign = wanted.find(
    ({ owner }) => coldkey !== undefined && owner !== undefined && owner !== coldkey,
  );
  if (foreign !== undefined) {
    throw cannot(`The hotkey ${foreign.target.ss58} belongs to another coldkey, ${foreign.owner}.`, {
      reason: 'NonAssociatedColdKey',
      next: 'Register it with that coldkey, or make another hotkey.',
    });
  }
  if (survey.slot.kind === 'none') {
    throw cannot(`Subnet ${netuid} is full, and nobody in it may be pushed out now.`, {
      reason: 'NoNeuronIdAvailable',
      next: 'Wait until somebody’s immunity ends.',
    });
  }
}

/** @throws ERR_CANNOT_REGISTER for what needs no survey */
export function refuseSubnet(netuid: number, exists: boolean): void {
  if (netuid === 0) {
    throw cannot('Netuid 0 is the root network, where miners do not register.', {
      reason: 'RegistrationNotPermittedOnRootSubnet',
      next: 'Name the subnet with --netuid.',
    });
  }
  if (!exists) {
    throw cannot(`There is no subnet ${netuid} on this chain.`, {
      reason: 'SubnetNotExists',
      next: 'Check --netuid and --network.',
    });
  }
}

/**
 * Refuses a way of registering that the subnet does not take.
 * @throws ERR_CANNOT_REGISTER, ERR_POW_NOT_ALLOWED
 */
export function refuseSwitchedOff({ way, netuid }: RegisterRequest, survey: Survey): void {
  const { burnAllowed, pow } = survey;
  if (unregistered(survey).length === 0) return;
  if (way === 'pow') {
    if (pow?.allowed === true) return;
    const why = pow === undefined ? 'this chain’s runtime knows none' : 'its owner has switched them off';
    throw new Sv72Error(
      'ERR_POW_NOT_ALLOWED',
      `Subnet ${netuid} takes no registrations by proof of work: ${why}.`,
      {
        details: { netuid },
      },
    );
  }
  if (burnAllowed && !survey.intervalFull) return;
  if (burnAllowed) {
    const { rule } = survey;
    const blocks = rule.kind === 'interval' ? ` of ${rule.intervalBlocks} blocks` : '';
    throw cannot(`Subnet ${netuid} takes no more registrations in this interval${blocks}.`, {
      reason: 'TooManyRegistrationsThisInterval',
      next: 'Run the same command again in the next interval.',
    });
  }
  const free = pow?.allowed === true;
  throw cannot(`Subnet ${netuid} takes no registrations by paying now.`, {
    reason: 'SubNetRegistrationDisabled',
    next: free ? 'It takes them by proof of work: add --pow.' : 'Its owner has switched them off; try later.',
  });
}

function refuseProxy({ real, signer }: RegisterRequest, { proxy }: Survey): void {
  if (proxy === undefined || proxy.fitting !== undefined) return;
  const { grants, types } = proxy;
  const delayed = grants.some(({ type, delay }) => delay > 0 && types.includes(type));
  const has =
    grants.length === 0
      ? 'it is not its proxy'
      : delayed
        ? 'its right has a delay, so that calls have to be announced first'
        : `it is only its proxy for ${grants.map(({ type }) => type).join(', ')}, and here it takes ${types.length === 0 ? 'the account itself' : types.join(' or ')}`;
  const type = types[0] === 'Registration' ? '' : ` --type ${types[0]}`;
  throw new Sv72Error('ERR_PROXY', `${signer?.ss58} may not register for ${real}: ${has}.`, {
    ...(proxy.deposit !== undefined &&
      types.length > 0 && {
        next: `Where the coldkey is, run \`sv72 proxy add --delegate ${signer?.ss58}${type}\`; the coldkey reserves ${formatTao(proxy.deposit)} for its first proxy.`,
      }),
    details: {
      real: real ?? null,
      delegate: signer?.ss58 ?? null,
      grants: grants.map(({ type }) => type),
      types: [...types],
    },
  });
}

function refuseTooLittle({ way }: RegisterRequest, survey: Survey, bill: RunBill): void {
  const { coldkey, proxy, pow } = survey;
  const free = way === 'burn' && pow?.allowed === true;
  if (bill.shortfall > 0n) {
    throw new Sv72Error(
      'ERR_BALANCE_TOO_LOW',
      `The account ${coldkey?.ss58} has ${formatTao(bill.free)} free and lacks ${formatTao(bill.shortfall)} for a bill of ${formatTao(bill.total)}.`,
      {
        ...(free && { next: 'This subnet also takes proof of work, which costs only the fee: add --pow.' }),
        details: {
          account: coldkey?.ss58 ?? null,
          freeRao: bill.free.toString(),
          totalRao: bill.total.toString(),
          shortfallRao: bill.shortfall.toString(),
        },
      },
    );
  }
  if (bill.proxyShortfall > 0n) {
    throw new Sv72Error(
      'ERR_BALANCE_TOO_LOW',
      `The proxy ${proxy?.ss58} lacks ${formatTao(bill.proxyShortfall)} for fees of ${formatTao(bill.fee)}.`,
      {
        next: 'Send it a little TAO, or let the coldkey pay the fees (Proxy.set_real_pays_fee).',
        details: { account: proxy?.ss58 ?? null, shortfallRao: bill.proxyShortfall.toString() },
      },
    );
  }
}

function cannot(message: string, options: { readonly reason: string; readonly next: string }): Sv72Error {
  return new Sv72Error('ERR_CANNOT_REGISTER', message, {
    next: options.next,
    details: { reason: options.reason },
  });
}
