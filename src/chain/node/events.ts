import type { Runtime } from '../codec/runtime.ts';
import { asList, asNumber, asRecord, asVariant, fieldOf } from '../plain.ts';
import type { ChainEvent, Plain } from '../types.ts';

/** The events of a block as System.Events stores them. @throws ERR_CHAIN_SHAPE */
export function eventsOf(stored: Plain, runtime: Runtime): readonly ChainEvent[] {
  return asList(stored, 'System.Events').map((record) => {
    const phase = asVariant(fieldOf(record, 'phase', 'an event'), 'an event’s phase');
    const event = asVariant(fieldOf(record, 'event', 'an event'), 'an event');
    const inner = asVariant(event.value, `an event of ${event.type}`);
    return {
      pallet: event.type,
      name: inner.type,
      fields: fieldsOf(inner.value, runtime.eventFields(event.type, inner.type)),
      extrinsic: phase.type === 'ApplyExtrinsic' ? asNumber(phase.value, 'an event’s phase') : undefined,
    };
  });
}

/** Fields by name; by position where they have none. */
function fieldsOf(value: Plain, names: readonly (string | undefined)[]): Readonly<Record<string, Plain>> {
  if (names.length === 0) return {};
  if (names.some((name) => name !== undefined)) {
    return asRecord(value, 'an event');
  }
  const values = names.length === 1 ? [value] : asList(value, 'an event');
  return Object.fromEntries(values.map((one, index) => [String(index), one]));
}
