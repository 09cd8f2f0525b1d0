import { z } from 'zod';
import { repository, webAddress } from './fields.ts';

export const hub = z
  .strictObject({
    repo: repository
      .nullable()
      .default(null)
      .describe('Model repository on the Hugging Face Hub that `upload` publishes to: owner/name.'),
    url: webAddress
      .default('https://huggingface.co')
      .describe('The Hub, where another one than the public one is used.'),
  })
  .prefault({});
