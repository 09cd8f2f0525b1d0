import { formatTao, rao } from '../../../src/amount/index.ts';
import { ss58Encode } from '../../../src/wallet/index.ts';
import type { Block } from './chain/block.ts';
import type { Chain } from './chain/chain.ts';
import { decodeExtrinsic } from './chain/extrinsic.ts';
import type { ChainEvent, ChainState, PlainCall } from './model.ts';
import { fromHex } from './scale/bytes.ts';

/** Tells of every block with something in it, and of every extrinsic that was refused. */
export function logBlocks<W extends ChainState>(chain: Chain<W>, say: (line: string) => void): void {
  let told = 0;
  const refusals = () => {
    for (; told < chain.submissions.length; told++) {
      const { extrinsic, outcome, refusal } = chain.submissions[told] ?? {};
      if (outcome === 'pool') continue;
      const why = refusal?.kind === 'validity' ? refusal.refusal.name : (refusal?.kind ?? 'lost on command');
      say(`${stamp()}  ${outcome}: ${extrinsic ? callText(extrinsic.call) : 'no extrinsic'} (${why})`);
    }
  };
  chain.on.on('best', (block) => {
    refusals();
    for (const [index, bytes] of block.extrinsics.entries()) {
      if (index > 0) say(`${stamp()}  block ${block.header.number}  ${extrinsicText(block, index, bytes)}`);
    }
  });
}

function extrinsicText<W extends ChainState>(block: Block<W>, index: number, bytes: string): string {
  const { call, signed } = decodeExtrinsic(block.madeBy, fromHex(bytes));
  const events = block.events
    .filter(({ phase }) => typeof phase === 'object' && phase.ApplyExtrinsic === index)
    .map(({ event }) => event);
  const paid = data(events, 'TransactionFeePaid')?.actual_fee;
  const failure = data(events, 'ExtrinsicFailed')?.dispatch_error;
  const end = failure === undefined ? 'done' : `failed: ${text(failure)}`;
  const signer = signed === undefined ? 'nobody' : ss58Encode(fromHex(signed.signer));
  return `${callText(call)} by ${signer}: ${end}, fee ${formatTao(rao(BigInt(String(paid ?? 0))))}`;
}

function data(events: readonly ChainEvent[], name: string): Readonly<Record<string, unknown>> | undefined {
  const found = events.find((event) => event.name === name)?.data;
  return typeof found === 'object' && found !== null ? Object(found) : undefined;
}

function callText({ pallet, name, args }: PlainCall): string {
  const shown = Object.entries(args).map(([field, value]) => `${field} ${address(value) ?? text(value)}`);
  return `${pallet}.${name}(${shown.join(', ')})`;
}

/** An account, bare or as a MultiAddress. */
function address(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null && 'Id' in value ? value.Id : value;
  return typeof id === 'string' && /^0x[0-9a-f]{64}$/.test(id) ? ss58Encode(fromHex(id)) : undefined;
}

function text(value: unknown): string {
  const whole =
    JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? one.toString() : one)) ?? 'none';
  const plain = whole.replaceAll('"', '');
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain;
}

function stamp(): string {
  return new Date().toTimeString().slice(0, 8);
}
