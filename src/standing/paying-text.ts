import type { Paying, Reason, Verdict } from '../chain/index.ts';

const MARKS = { good: '+', bad: '-', warning: '!', unknown: '?' } as const satisfies Record<
  Reason['kind'],
  string
>;

/** The verdict in one line. */
export function verdictText({ verdict, share }: Paying, netuid: number): string {
  if (verdict === 'unknown') return `Whether subnet ${netuid} pays miners now could not be found out.`;
  if (verdict === 'nobody') return `Subnet ${netuid} pays no miner now.`;
  if (share === undefined || share >= 1) return `Subnet ${netuid} pays its miners.`;
  const percent = share * 100;
  const text = percent < 0.1 ? 'less than 0.1 %' : `${Number(percent.toFixed(1))} %`;
  return `Subnet ${netuid} pays its miners, ${text} of what it could.`;
}

/** The verdict and its reasons, a line each: + for, - against, ! a danger, ? unknown. */
export function payingLines(paying: Paying, netuid: number): string[] {
  return [verdictText(paying, netuid), ...paying.reasons.map(({ kind, text }) => `  ${MARKS[kind]} ${text}`)];
}

/** Exit code of `sv72 paying`: 0 pays, 10 nobody, 11 unknown. */
export function payingExit(verdict: Verdict): 0 | 10 | 11 {
  return ({ pays: 0, nobody: 10, unknown: 11 } as const)[verdict];
}

/** The verdict as JSON. */
export function payingJson({ verdict, share, reasons, lastPaid }: Paying) {
  return {
    verdict,
    share: share ?? null,
    last_paid:
      lastPaid === undefined
        ? null
        : {
            kind: lastPaid.kind,
            paid: lastPaid.kind === 'stopped' ? past(lastPaid.paid) : null,
            unpaid: lastPaid.kind === 'stopped' ? past(lastPaid.unpaid) : null,
            since: lastPaid.kind === 'not-since' ? past(lastPaid.since) : null,
          },
    reasons: reasons.map(({ name, kind, text }) => ({ name, kind, text })),
  };
}

function past({ block, at }: { readonly block: number; readonly at: number | undefined }) {
  return { block, time: at === undefined ? null : new Date(at).toISOString() };
}
