import { Args } from '@oclif/core';
import { rao, taoJson } from '../../src/amount/index.ts';
import {
  commitmentInfo,
  estimateFee,
  isModelId,
  readCommitment,
  readCommitmentSpace,
  readUid,
} from '../../src/chain/index.ts';
import { block, ChainCommand, includedJson, sendFlags } from '../../src/chain-ui/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, walletFlags } from '../../src/ui/index.ts';
import { loadPublicKey } from '../../src/wallet/index.ts';

export default class Commit extends ChainCommand {
  static override summary =
    'Commit the name of a model on chain, signed by the hotkey, where subnets look for it.';
  static override description =
    'MODEL is a Hugging Face repository, user/name or user/name:revision, or any text up to 128 bytes (512 on newer runtimes). ' +
    'It is public for good, costs nothing, and replaces the hotkey’s earlier one; each counts at least 100 bytes of the 3100 that a hotkey has in an epoch. ' +
    'Nothing is sent when the same is committed already.';
  static override examples = [
    '<%= config.bin %> commit alice/roadwork-vit',
    '<%= config.bin %> commit alice/roadwork-vit:v1.2 --dry-run',
  ];
  static override args = {
    model: Args.string({ description: 'what to commit, usually user/name of a model', required: true }),
  };
  static override flags = { ...walletFlags, ...networkFlags, ...sendFlags };

  async run(): Promise<ResultOf<'commit'>> {
    const { args, flags } = await this.parse(Commit);
    const text = args.model;
    const location = await this.location('hotkey');
    const { ss58: hotkey, publicKey } = loadPublicKey(location);
    return await this.withChain(async ({ chain, netuid, settings }) => {
      const [uid, standing, space] = await Promise.all([
        readUid(chain, netuid, hotkey),
        readCommitment(chain, netuid, hotkey),
        readCommitmentSpace(chain, netuid, hotkey),
      ]);
      if (uid === undefined) {
        throw new Sv72Error(
          'ERR_NOT_REGISTERED',
          `The hotkey ${location.hotkey} (${hotkey}) has no UID on subnet ${netuid}.`,
        );
      }
      const { info, bytes } = commitmentInfo(text, { space, bigRaw: true });
      const common = {
        network: settings.network,
        netuid,
        hotkey,
        text,
        bytes,
        space_left: space?.left ?? null,
      };
      if (standing?.text === text) {
        this.say(`"${text}" is committed already, since block ${standing.block}; nothing was sent.`);
        return { ...common, unchanged: true, fee: taoJson(rao(0n)), call: null, included: null };
      }
      const call = chain.compose('Commitments', 'set_commitment', { netuid, info });
      const fee = rao(await estimateFee(chain, call, publicKey));
      for (const line of block([
        ['hotkey', `${hotkey}, UID ${uid}`],
        ['commit', `${text} (${bytes} bytes)`],
        ['before', standing ? (standing.text ?? standing.kinds.join(', ')) : 'nothing'],
        ['space', space ? `${space.left} of ${space.limit} bytes left in this epoch` : 'unknown'],
        ['fee', this.feeText(fee)],
      ])) {
        this.say(line);
      }
      if (!isModelId(text)) this.note('Warning: this is not of the form user/name of a model.');
      const go =
        flags['dry-run'] || (await this.ask.confirm({ flag: '--yes', message: 'Commit it publicly?' }));
      if (!go) throw new Sv72Error('ERR_ABORTED', 'Nothing was sent.');
      const sent = await this.send({ chain, call, from: location, flags });
      if (sent) this.say(`Committed in block ${sent.block.number}.`);
      return { ...common, unchanged: false, fee: taoJson(fee), call: call.hex, included: includedJson(sent) };
    });
  }
}
