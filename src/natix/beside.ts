import { Sv72Error } from '../errors/index.ts';
import { type NatixRegisterOptions, type NatixRegistration, registerWithNatix } from './register.ts';

/** As a registration, where a server that fails is a state like others. */
export interface NatixBeside {
  readonly state: NatixRegistration['state'] | 'unreachable';
  /** What the server said, or why it could not be asked. */
  readonly detail: string | null;
}

/** Registers with NATIX beside something that matters more: it never fails for the server's sake. */
export async function registerBeside(options: NatixRegisterOptions): Promise<NatixBeside> {
  try {
    const { state, detail, error } = await registerWithNatix(options);
    return { state, detail: error ?? detail };
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    return { state: error.code === 'ERR_NATIX_REFUSED' ? 'failed' : 'unreachable', detail: error.message };
  }
}
