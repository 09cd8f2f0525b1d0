/** What a token may do, as the Hub keeps it. */
interface HubToken {
  readonly role: 'admin' | 'write' | 'read' | 'contributor' | 'fineGrained';
  readonly scoped?: readonly {
    readonly entity: { readonly type: 'user' | 'org' | 'model'; readonly name: string };
    readonly permissions: readonly string[];
  }[];
}

type OrgRole = 'admin' | 'write' | 'contributor' | 'read' | 'no_access';

export interface HubUser {
  readonly name: string;
  readonly orgs?: readonly { readonly name: string; readonly roleInOrg: OrgRole }[];
  readonly tokens: Readonly<Record<string, HubToken>>;
}

/** Somebody with a token. */
export interface Caller {
  readonly user: HubUser;
  readonly token: HubToken;
}

export function callerOf(users: readonly HubUser[], token: string): Caller | undefined {
  for (const user of users) {
    const found = user.tokens[token];
    if (found) return { user, token: found };
  }
  return undefined;
}

/** The answer of whoami-v2. */
export function whoami({ user, token }: Caller): object {
  const fineGrained = token.role === 'fineGrained' && {
    fineGrained: { canReadGatedRepos: false, global: [], scoped: token.scoped ?? [] },
  };
  return {
    type: 'user',
    id: `id-${user.name}`,
    name: user.name,
    fullname: user.name,
    orgs: (user.orgs ?? []).map((org) => ({ type: 'org', id: `id-${org.name}`, fullname: org.name, ...org })),
    auth: {
      type: 'access_token',
      accessToken: {
        displayName: 'test',
        role: token.role,
        createdAt: '2026-01-01T00:00:00.000Z',
        ...fineGrained,
      },
    },
  };
}

export function mayRead({ user }: Caller, owner: string): boolean {
  return user.name === owner || (user.orgs ?? []).some(({ name }) => name === owner);
}

export function mayWrite({ user, token }: Caller, owner: string, repo: string | undefined): boolean {
  const org = user.orgs?.find(({ name }) => name === owner);
  if (user.name !== owner && (org === undefined || ['read', 'no_access'].includes(org.roleInOrg)))
    return false;
  if (token.role === 'read') return false;
  if (token.role !== 'fineGrained') return true;
  return (token.scoped ?? []).some(
    ({ entity, permissions }) =>
      permissions.includes('repo.write') &&
      (entity.type === 'model' ? entity.name === repo : entity.name === owner),
  );
}
