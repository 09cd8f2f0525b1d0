export { type RegistrationPayload, registrationPayload } from './registration.ts';
