export { askControl } from './client.ts';
export { controlPlace } from './place.ts';
export type { ControlRequest } from './protocol.ts';
export { type ControlHandler, type ControlServer, serveControl } from './server.ts';
