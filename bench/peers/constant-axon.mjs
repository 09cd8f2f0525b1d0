// Our axon with an answer function that returns a constant. Plain JavaScript and the built package, so that the process
// is what a user's would be, without the type stripping of a run from source.
// argv: <SS58 of the axon> <SS58 of an allowed caller>…
const { createAxon } = await import('../../dist/src/axon/index.js');

const [hotkey, ...allowed] = process.argv.slice(2);
const callers = new Set(allowed);

const axon = createAxon({
  hotkey,
  callerPolicy: (caller) =>
    callers.has(caller)
      ? { allow: true, stake: 1_000_000_000n, listed: true }
      : { allow: false, reason: 'Unrecognized hotkey' },
  answer: async () => ({ prediction: 0.25 }),
});
const { port } = await axon.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ port, hotkey })}\n`);
process.on('SIGTERM', async () => {
  await axon.close();
  process.exit(0);
});
