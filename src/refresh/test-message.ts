import type { Message } from './message.ts';
import type { Channel } from './remind.ts';

/**
 * Sends a message that asks for nothing to each of the channels.
 *
 * @param id of this test; letters, digits, hyphens
 */
export async function testChannels<Name extends string>(
  channels: readonly Channel<Name>[],
  id: string,
): Promise<{ sent: Name[]; failed: { channel: Name; problem: string }[] }> {
  const message: Message = {
    id: `sv72-test-${id}`,
    title: 'sv72: this is a test',
    text: 'Reminders arrive here. Nothing is due because of this message.',
    level: 'due',
    notices: [],
    keys: [],
  };
  const sent: Name[] = [];
  const failed: { channel: Name; problem: string }[] = [];
  for (const channel of channels) {
    try {
      await channel.send(message);
      sent.push(channel.name);
    } catch (error) {
      failed.push({ channel: channel.name, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { sent, failed };
}
