import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePassword,
  encodePassword,
  judgePassword,
  passwordFromEnvironment,
  passwordVariable,
  typedForms,
  withoutPasswords,
} from '../../src/wallet/index.ts';

const KEYFILE = '/home/user/.bittensor/wallets/test/coldkey';
const VARIABLE = 'BT_PW__HOME_USER__BITTENSOR_WALLETS_TEST_COLDKEY';

describe('passwords in the environment', () => {
  it('the variable is named after the path (E 83)', () => {
    expect(passwordVariable(KEYFILE)).toBe(VARIABLE);
    expect(passwordVariable('w2/my-wallet/hotkeys/a.b')).toBe('BT_PW_W2_MY-WALLET_HOTKEYS_A_B');
  });

  it('is kept from other programs, whatever its name', () => {
    const rest = { PATH: '/bin', BT_WALLET_PASSWORD_FILE: '/run/secret', BT_WALLET_NAME: 'w' };
    const secrets = { BT_WALLET_PASSWORD: 'x', [VARIABLE]: 'y', BT_COLD_PW_TEST: 'z', bt_pw_a: 'w' };
    expect(withoutPasswords({ ...rest, ...secrets })).toEqual(rest);
  });

  it('the value is decoded (E 84)', () => {
    expect(decodePassword(VARIABLE, 'c2ZsZGJp')).toBe('123456');
    expect(decodePassword('BT_PW__US', 'c2ZsZGJpaG1q')).toBe('123456789');
  });

  it.each(['c2ZsZGJ', '!!!!', 'c2Zs ZGJp', '/////w=='])('%s is refused (E 85)', (value) => {
    expect(() => decodePassword(VARIABLE, value)).toThrow(
      expect.objectContaining({ code: 'ERR_PASSWORD_SOURCE' }),
    );
  });

  it('any password survives the encoding (E 86)', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (password, path) => {
          const variable = passwordVariable(path);
          expect(decodePassword(variable, encodePassword(variable, password))).toBe(password);
        },
      ),
    );
    expect(decodePassword(VARIABLE, encodePassword(VARIABLE, 'pässwörd 🔑'))).toBe('pässwörd 🔑');
  });

  it('BT_WALLET_PASSWORD goes first, as it is; then the path as given, then the absolute one; then the oldest', () => {
    const relative = 'w2/test/coldkey';
    const asGiven = passwordVariable(relative);
    const absolute = passwordVariable(`${process.cwd()}/${relative}`);
    const all = {
      BT_WALLET_PASSWORD: ' plain ',
      [asGiven]: encodePassword(asGiven, 'given'),
      [absolute]: encodePassword(absolute, 'absolute'),
      BT_COLD_PW_MY_TEST: 'oldest',
    };
    const find = (environment: Record<string, string | undefined>) =>
      passwordFromEnvironment(relative, environment, 'my-test');
    expect(find(all)).toEqual({ from: 'BT_WALLET_PASSWORD', password: ' plain ' });
    expect(find({ ...all, BT_WALLET_PASSWORD: undefined })).toEqual({ from: asGiven, password: 'given' });
    expect(find({ ...all, BT_WALLET_PASSWORD: '', [asGiven]: '' })).toEqual({
      from: absolute,
      password: 'absolute',
    });
    expect(find({ BT_COLD_PW_MY_TEST: 'oldest' })?.password).toBe('oldest');
    expect(find({})).toBeUndefined();
  });
});

describe('typed passwords', () => {
  it('are tried as typed, then without spaces at the ends (E 102)', () => {
    expect(typedForms(' abc123 ')).toEqual([' abc123 ', 'abc123']);
    expect(typedForms('abc123')).toEqual(['abc123']);
    expect(typedForms('   ')).toEqual(['   ']);
  });

  it('new ones lose spaces at the ends, are never empty, and a warning is given for short ones', () => {
    expect(judgePassword(' long enough 1 ')).toEqual({ password: 'long enough 1' });
    expect(judgePassword('  ').refused).toBeDefined();
    expect(judgePassword('123456').warning).toMatch(/short/);
  });
});
