import {
  ChainCommand,
  includedJson,
  planProxy,
  proxyFlags,
  proxyJson,
  proxyLines,
} from '../../src/chain-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class ProxyAdd extends ChainCommand {
  static override summary =
    'Let another key act for the wallet’s coldkey; unless told otherwise, to register and nothing else.';
  static override description =
    'The coldkey signs and reserves a deposit, which it gets back when the proxy is removed. A proxy of type Registration can register hotkeys for the coldkey, which pays for them, and do nothing else: keep little TAO free on that coldkey.';
  static override examples = ['<%= config.bin %> proxy add -w main --delegate 5F…'];
  static override flags = proxyFlags;

  async run(): Promise<ResultOf<'proxy add'>> {
    const { flags } = await this.parse(ProxyAdd);
    const { type, delay } = flags;
    const delegate =
      flags.delegate ?? (await this.ask.text({ flag: '--delegate', message: 'Address of the proxy:' }));
    const from = await this.location('coldkey');
    const account = this.coldkeyAddress(from);
    return await this.withChain(async ({ chain }) => {
      const plan = await planProxy(chain, { kind: 'add', account, delegate, type, delay });
      for (const line of proxyLines(plan)) this.say(line);
      const agree = { expected: from.wallet, what: 'the name of the wallet' };
      const sent = await this.send({ chain, call: plan.call, from, flags, agree });
      if (sent) this.say(`Added in block ${sent.block.number}.`);
      return proxyJson(chain.identity.network, plan, includedJson(sent));
    });
  }
}
