export { planProxy, proxyFlags, proxyJson, proxyLines } from './change.ts';
