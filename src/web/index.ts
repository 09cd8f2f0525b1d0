/** Rules of HTTP that every client of a server follows. */
export { retryAfterMs } from './retry-after.ts';
