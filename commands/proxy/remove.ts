import {
  ChainCommand,
  includedJson,
  planProxy,
  proxyFlags,
  proxyJson,
  proxyLines,
} from '../../src/chain-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class ProxyRemove extends ChainCommand {
  static override summary = 'Take back what another key may do for the wallet’s coldkey.';
  static override description =
    'The coldkey signs and gets its deposit back. Type and delay have to be those with which the proxy was added; see `sv72 proxy list`.';
  static override examples = ['<%= config.bin %> proxy remove -w main --delegate 5F…'];
  static override flags = proxyFlags;

  async run(): Promise<ResultOf<'proxy remove'>> {
    const { flags } = await this.parse(ProxyRemove);
    const { type, delay } = flags;
    const delegate =
      flags.delegate ?? (await this.ask.text({ flag: '--delegate', message: 'Address of the proxy:' }));
    const from = await this.location('coldkey');
    const account = this.coldkeyAddress(from);
    return await this.withChain(async ({ chain }) => {
      const plan = await planProxy(chain, { kind: 'remove', account, delegate, type, delay });
      for (const line of proxyLines(plan)) this.say(line);
      const agree = { expected: from.wallet, what: 'the name of the wallet' };
      const sent = await this.send({ chain, call: plan.call, from, flags, agree });
      if (sent) this.say(`Removed in block ${sent.block.number}.`);
      return proxyJson(chain.identity.network, plan, includedJson(sent));
    });
  }
}
