export { type NatixBeside, registerBeside } from './beside.ts';
export { type NatixRegistration, registerWithNatix } from './register.ts';
export { type RegistrationPayload, registrationPayload } from './registration.ts';
export { NATIX_URL, type NatixServer, natixServer } from './server.ts';
export type { NatixState, NatixStatus } from './status.ts';
