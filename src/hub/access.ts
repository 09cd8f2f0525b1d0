import { whoAmI } from '@huggingface/hub';
import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import type { HubClient } from './client.ts';
import type { Repo } from './repo.ts';

const scope = z.looseObject({
  entity: z.looseObject({ type: z.string(), name: z.string().optional() }),
  permissions: z.array(z.string()),
});

/** The part of `whoami-v2` that says what a token may do. */
const identity = z.looseObject({
  name: z.string(),
  type: z.string().optional(),
  orgs: z.array(z.looseObject({ name: z.string(), roleInOrg: z.string().optional() })).default([]),
  auth: z
    .looseObject({
      /** Tokens of applications end; of others the Hub says nothing. */
      expiresAt: z.coerce.date().optional().catch(undefined),
      accessToken: z
        .looseObject({
          role: z.string(),
          displayName: z.string().optional(),
          fineGrained: z
            .looseObject({ scoped: z.array(scope).default([]), global: z.array(z.string()).default([]) })
            .optional(),
        })
        .optional(),
    })
    .default({}),
});

export type Identity = z.infer<typeof identity>;

/** What a token may do with a repository. `reason` is one clause, for a message. */
export type Access =
  | { readonly write: true; readonly create: boolean }
  | { readonly write: false; readonly reason: string; readonly next?: string };

/**
 * Asks the Hub whose token it is.
 *
 * @throws Sv72Error ERR_HUB_TOKEN without a token or when the Hub does not accept it, ERR_HUB_UNREACHABLE
 */
export async function identityOf(client: HubClient): Promise<Identity> {
  const { accessToken, ...library } = client.library;
  if (accessToken === undefined) {
    throw new Sv72Error('ERR_HUB_TOKEN', 'Publishing needs a token of the Hub, and none was found.');
  }
  const answer: unknown = await whoAmI({ ...library, accessToken });
  const parsed = identity.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Sv72Error('ERR_HUB_REFUSED', 'The Hub did not say whose token this is.', { cause: parsed.error });
}

/**
 * Whether a token may write to a repository and make it, by the roles of the Hub: a classic token has one role for all
 * that its user may do; a fine-grained one lists owners and repositories with `repo.write`.
 */
export function accessTo(repo: Repo, who: Identity): Access {
  const same = (name: string | undefined) => name?.toLowerCase() === repo.owner.toLowerCase();
  const org = who.orgs.find(({ name }) => same(name));
  if (!same(who.name) && org === undefined) {
    return { write: false, reason: `it belongs to ${who.name}, who is no member of ${repo.owner}` };
  }
  if (org?.roleInOrg === 'read' || org?.roleInOrg === 'no_access') {
    const may = org.roleInOrg === 'read' ? 'may only read in' : 'has no access in';
    return {
      write: false,
      reason: `${who.name} ${may} the organisation ${repo.owner}`,
      next: `Ask an administrator of ${repo.owner} for the role "write", or publish under another owner; another token does not help.`,
    };
  }
  const token = who.auth.accessToken;
  if (token?.role === 'read') return { write: false, reason: 'it is a token for reading' };
  if (token?.role !== 'fineGrained') return { write: true, create: true };
  const scopes = (token.fineGrained?.scoped ?? []).filter(({ permissions }) =>
    permissions.includes('repo.write'),
  );
  if (scopes.some(({ entity }) => ['user', 'org'].includes(entity.type) && same(entity.name))) {
    return { write: true, create: true };
  }
  const named = scopes.some(
    ({ entity }) => entity.type === 'model' && entity.name?.toLowerCase() === repo.id.toLowerCase(),
  );
  if (named) return { write: true, create: false };
  return { write: false, reason: `it is fine-grained and lacks "write" for repositories of ${repo.owner}` };
}

/**
 * @param exists whether the repository is there already
 * @throws Sv72Error ERR_HUB_RIGHTS
 */
export function requireAccess(repo: Repo, who: Identity, exists: boolean, from: string): void {
  const access = accessTo(repo, who);
  const refuse = (reason: string, next?: string) =>
    new Sv72Error('ERR_HUB_RIGHTS', `The token from ${from} cannot write to ${repo.id}: ${reason}.`, {
      details: { repo: repo.id, user: who.name },
      ...(next !== undefined && { next }),
    });
  if (!access.write) throw refuse(access.reason, access.next);
  if (!exists && !access.create) {
    throw refuse(
      'it is for that repository alone, which does not exist yet',
      `Make the repository ${repo.id} on the Hub first, or give a token with write access to ${repo.owner}.`,
    );
  }
}
