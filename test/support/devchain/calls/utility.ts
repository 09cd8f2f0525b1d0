import type { CallTable, ChainEvent, PlainCall } from '../model.ts';
import type { World } from '../world/index.ts';
import { handler, signed } from './context.ts';

type Calls = { calls: readonly PlainCall[] };

const event = (name: string, data?: ChainEvent['data']): ChainEvent => ({
  pallet: 'Utility',
  name,
  ...(data !== undefined && { data }),
});

export const utilityCalls: CallTable<World> = {
  /** Stops at the first failure, keeps what came before, and succeeds. */
  'Utility.batch': handler<Calls>({
    dispatch(world, context) {
      const signer = signed(context);
      const events: ChainEvent[] = [];
      for (const [index, call] of context.args.calls.entries()) {
        const inner = context.dispatch(world, signer, call);
        if (inner.error !== undefined)
          return [...events, event('BatchInterrupted', { index, error: { ...inner.error.error } })];
        events.push(...inner.events, event('ItemCompleted'));
      }
      return [...events, event('BatchCompleted')];
    },
  }),
  /** All or nothing. */
  'Utility.batch_all': handler<Calls>({
    dispatch(world, context) {
      const signer = signed(context);
      const events: ChainEvent[] = [];
      for (const call of context.args.calls) {
        const inner = context.dispatch(world, signer, call);
        if (inner.error !== undefined) throw inner.error;
        events.push(...inner.events, event('ItemCompleted'));
      }
      return [...events, event('BatchCompleted')];
    },
  }),
  /** Goes on after failures. */
  'Utility.force_batch': handler<Calls>({
    dispatch(world, context) {
      const signer = signed(context);
      const events: ChainEvent[] = [];
      let failed = false;
      for (const call of context.args.calls) {
        const inner = context.dispatch(world, signer, call);
        if (inner.error === undefined) events.push(...inner.events, event('ItemCompleted'));
        else events.push(event('ItemFailed', { error: { ...inner.error.error } }));
        failed ||= inner.error !== undefined;
      }
      return [...events, event(failed ? 'BatchCompletedWithErrors' : 'BatchCompleted')];
    },
  }),
};
