export { findToken, HubToken, textOf, tokenPath } from './token.ts';
