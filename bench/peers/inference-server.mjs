/**
 * An inference server that computes nothing: the Open Inference Protocol under /binary and /json (with and without the
 * binary extension), chat completions under /v1. Says its port to the parent.
 */
import { createServer } from 'node:http';

const MODEL = {
  name: 'demo',
  inputs: [{ name: 'image', datatype: 'UINT8', shape: [-1, 224, 224, 3] }],
  outputs: [{ name: 'roadwork', datatype: 'FP32', shape: [-1, 1] }],
};
const CHAT = JSON.stringify({
  choices: [
    {
      message: { content: 'Yes' },
      logprobs: {
        content: [
          {
            token: 'Yes',
            logprob: -0.2,
            top_logprobs: [
              { token: 'Yes', logprob: -0.2 },
              { token: 'No', logprob: -1.7 },
            ],
          },
        ],
      },
    },
  ],
  usage: { prompt_tokens: 90, completion_tokens: 1 },
});

function answer(path, count) {
  if (path === '/v1/models') return JSON.stringify({ data: [{ id: 'demo', owned_by: 'bench' }] });
  if (path === '/v1/chat/completions') return CHAT;
  if (path.endsWith('/infer')) {
    const data = Array.from({ length: count }, () => 0.75);
    return JSON.stringify({ outputs: [{ name: 'roadwork', datatype: 'FP32', shape: [count, 1], data }] });
  }
  if (path.endsWith('/ready')) return '{}';
  if (path.endsWith('/demo')) return JSON.stringify(MODEL);
  const extensions = path.startsWith('/binary') ? ['binary_tensor_data'] : [];
  return JSON.stringify({ name: 'nothing', version: '1', extensions });
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const head = chunks[0]?.toString('latin1', 0, 200) ?? '';
    const count = Number(/"shape":\[(\d+)/.exec(head)?.[1] ?? 1);
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer(request.url ?? '', count));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()?.port));
process.on('disconnect', () => process.exit(0));
