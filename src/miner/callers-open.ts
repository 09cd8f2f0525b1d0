import type { Presence } from '../presence/index.ts';
import { anyCaller, type Callers, type CallersEvent, callersFromFile } from './callers.ts';
import { callersOfChain } from './callers-chain.ts';
import type { Note } from './events.ts';
import type { ServePlan } from './plan.ts';

/** Without the chain only those can be answered who were named otherwise; then its first look may fail. */
export async function startPresence(presence: Presence, { callers }: ServePlan, note: Note): Promise<void> {
  try {
    await presence.start();
  } catch (error) {
    if (!callers.any && callers.file === null) throw error;
    note('warning', 'Without a list of validators only the callers named by other means are answered.');
  }
}

/** Whom the plan lets ask: a file's, the chain's, or everybody. */
export function openCallers(plan: ServePlan, presence: Presence | undefined, note: Note): Callers {
  const others = otherCallers(plan, note);
  if (presence !== undefined) return callersOfChain(presence, others, plan.callers.validators);
  return others ?? anyCaller();
}

/** Those who may ask whatever the chain says; undefined: nobody. */
function otherCallers({ callers }: ServePlan, note: Note): Callers | undefined {
  if (callers.any) return anyCaller();
  const path = callers.file;
  if (path === null) return undefined;
  const onEvent = (event: CallersEvent) => {
    if (event.kind === 'unreadable') {
      note('warning', `${event.reason} The list read before stays in use.`);
      return;
    }
    note('info', `Callers were read again: ${event.count} from ${path}.`);
    for (const { line, reason } of event.badLines) note('warning', `${path}, line ${line}: ${reason}.`);
  };
  return callersFromFile({ path, onEvent });
}
