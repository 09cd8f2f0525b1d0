#!/usr/bin/env node
// Runs the sources as they are: Node strips the types.
process.env.SV72_DEV = '1';
const { main } = await import('../src/ui/main.ts');
await main(process.argv.slice(2), new URL('..', import.meta.url).pathname);
