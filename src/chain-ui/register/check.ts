import type { Preparation, SignedCheck } from '../../chain/index.ts';
import { unregistered } from '../../chain/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { Ask } from '../../ui/index.ts';

/** Asks for passwords that need not be given: Enter leaves the question out, as if nobody could be asked. */
export class SkippableAsk extends Ask {
  override async password(question: Parameters<Ask['password']>[0]): Promise<string> {
    const message = question.message.replace(/:$/, ' (Enter to leave the node’s check out):');
    const typed = await super.password({ ...question, message });
    if (typed !== '') return typed;
    throw new Sv72Error('ERR_NEEDS_ANSWER', 'No password was given.');
  }
}

/** What the node said to the signed transactions of a dry run, for people. */
export function checkLines(check: SignedCheck, { request, survey }: Preparation): string[] {
  const count = unregistered(survey).length;
  switch (check.kind) {
    case 'valid':
      if (count < 2) return ['The node says the signed transaction is valid. Nothing was sent.'];
      return [
        check.checked < count
          ? `The node says the signed transaction of the first hotkey is valid; the other ${count - check.checked} were not checked. Nothing was sent.`
          : `The node says each of the ${count} signed transactions is valid, as if it came first: what one changes for the next is not checked. Nothing was sent.`,
      ];
    case 'refused': {
      const { name, ss58 } = check.target;
      const which = request.hotkeys.length < 2 ? 'it' : `that of ${name ?? ss58}`;
      return [`The node would refuse ${which}: ${check.failure.meaning} Nothing was sent.`];
    }
    case 'not-made':
      return [
        `The chain’s rules were checked. The node’s own check of the signed transaction was not made: ${check.why}. Nothing was sent.`,
      ];
  }
}
