import type { ErrorEntry } from './types.ts';

export const serverErrors = {
  ERR_SERVER_URL: {
    who: 'user',
    exit: 1,
    meaning: 'The address of the inference server is missing or no plain http or https URL.',
    next: 'Set server.url of the profile, for example to http://127.0.0.1:8000.',
  },
  ERR_SERVER_CONSENT: {
    who: 'user',
    exit: 1,
    meaning:
      'The inference server is on another machine, and pictures may not leave this one unless you say so.',
    next: 'Set server.remote of the profile to true if that is meant, or use a server on 127.0.0.1.',
  },
  ERR_SERVER_UNREACHABLE: {
    who: 'outside',
    exit: 3,
    meaning: 'The inference server does not answer, or it is not ready.',
    next: 'Start it, or look at its log; it must answer before the miner starts.',
  },
  ERR_SERVER_MODEL: {
    who: 'user',
    exit: 1,
    meaning: 'The inference server has no model of that name, or the model there does not answer a trial.',
    next: 'Set server.model of the profile to the name that the server has it under.',
  },
  ERR_SERVER_BUDGET: {
    who: 'user',
    exit: 1,
    meaning:
      'What may be spent on an inference server is not said, or what was spent cannot be written down.',
    next: 'Set server.budget_per_day of the profile to an amount and server.price_input and price_output to the prices of a million tokens, or server.budget_per_day to unlimited where nothing costs money.',
  },
} as const satisfies Record<string, ErrorEntry>;
