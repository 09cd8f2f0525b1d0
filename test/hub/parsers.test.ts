import { anything, assert, constantFrom, double, integer, json, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askedWait,
  cardText,
  parseRepo,
  parseVersion,
  pauseAfter,
  readCard,
  readSignature,
  repoIn,
  signStatement,
} from '../../src/hub/index.ts';
import { AT, REPO, SIGNER } from './place.ts';

describe('the name of a repository', () => {
  it.each([
    'alice/roadwork',
    ' alice/roadwork ',
    'https://huggingface.co/alice/roadwork',
    'https://huggingface.co/alice/roadwork/',
    'hf.co/alice/roadwork'.replace('hf.co', 'https://hf.co'),
  ])('%j', (text) => expect(parseRepo(text).id).toBe('alice/roadwork'));

  it.each([
    '',
    'alice',
    'alice/',
    '/roadwork',
    'a/b/c',
    'a b/c',
    'alice/..',
    '../x',
    'alice/x--y',
    'alice/x.git',
    'alice/-x',
    'datasets/alice/x',
  ])('%j is none', (text) =>
    expect(() => parseRepo(text)).toThrow(expect.objectContaining({ code: 'ERR_HUB_REPO' })),
  );

  it('a token in its place is not repeated', () => {
    expect(() => parseRepo(`hf_${'x1'.repeat(20)}`)).toThrow(/^(?!.*hf_x1)/);
  });

  it('is read or refused, whatever it is', () => {
    assert(
      property(string(), (text) => {
        const found = repoIn(text);
        if (found) expect(encodeURI(found.id)).toBe(found.id);
      }),
    );
  });
});

describe('waiting as asked', () => {
  const headers = (name: string, value: string) => new Headers({ [name]: value });
  it.each([
    ['retry-after', '12', 12_000],
    ['retry-after', ' 0 ', 0],
    ['retry-after', new Date(AT * 1000 + 5000).toUTCString(), 5_000],
    ['retry-after', new Date(AT * 1000 - 5000).toUTCString(), 0],
    ['retry-after', 'soon', undefined],
    ['retry-after', '-3', undefined],
    ['ratelimit', '"api";r=0;t=55', 55_000],
    ['ratelimit', '"api";r=3;t=55', undefined],
    ['x-other', '5', undefined],
  ])('%s: %s', (name, value, ms) => expect(askedWait(headers(name, value), AT * 1000)).toBe(ms));

  it('pauses double up to the longest, with half of them drawn', () => {
    const patience = { tries: 9, pauseMs: 500, longestPauseMs: 20_000, askedMs: 0 };
    assert(
      property(
        integer({ min: 1, max: 100 }),
        double({ min: 0, max: 0.999, noNaN: true }),
        (failed, random) => {
          const pause = pauseAfter(failed, patience, random);
          const full = Math.min(20_000, 500 * 2 ** (failed - 1));
          expect(pause).toBeGreaterThanOrEqual(Math.floor(full / 2));
          expect(pause).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});

describe('the card', () => {
  const card = {
    model_name: 'm',
    description: 'd',
    version: '1.2.3',
    submitted_by: SIGNER.ss58,
    submission_time: AT,
  };

  it('is read as it was written', () => expect(readCard(cardText(card), AT)).toEqual({ card, problems: [] }));

  it.each<[string, object, string]>([
    ['no name', { model_name: '' }, 'model_name is missing'],
    ['no text', { description: undefined }, 'description is missing'],
    ['a short version', { version: '1.2' }, 'version is not X.Y.Z'],
    ['a version with more', { version: '1.2.3-rc.1' }, 'version is not X.Y.Z'],
    ['a version that is a number', { version: 1.2 }, 'version is not X.Y.Z'],
    ['a hotkey’s name', { submitted_by: 'my-hotkey' }, 'submitted_by is no SS58 address'],
    ['a letter changed', { submitted_by: SIGNER.ss58.replace(/.$/, 'Z') }, 'submitted_by is no SS58 address'],
    ['milliseconds', { submission_time: AT * 1000 }, 'in milliseconds'],
    ['a text as time', { submission_time: String(AT) }, 'no whole number'],
    ['tomorrow', { submission_time: AT + 86_400 }, 'in the future'],
  ])('with %s', (_, change, said) => {
    const { problems } = readCard(JSON.stringify({ ...card, ...change }), AT);
    expect(problems).toEqual([expect.stringContaining(said)]);
  });

  it('is read, whatever it is', () => {
    assert(property(json(), (text) => void readCard(text, AT)));
    assert(property(string(), (text) => void readCard(text, AT)));
    assert(
      property(constantFrom(...Object.keys(card)), anything(), (field, value) => {
        const text = JSON.stringify({ ...card, [field]: value }) ?? '';
        expect(Array.isArray(readCard(text, AT).problems)).toBe(true);
      }),
    );
  });

  it('versions are three whole numbers', () => {
    expect(parseVersion('10.20.30')).toEqual([10, 20, 30]);
    for (const text of ['01.2.3', '1.2.3 ', '1.2.3.4', 'v1.2.3', ''])
      expect(parseVersion(text)).toBeUndefined();
  });
});

describe('the signature file', () => {
  const statement = { repo: REPO.id, version: '1.2.3', manifestSha256: 'ab'.repeat(32), at: AT };
  const text = signStatement(statement, SIGNER);

  it('is valid as it was written', () => {
    expect(readSignature(text)).toEqual({ valid: true, statement: { ...statement, hotkey: SIGNER.ss58 } });
  });

  it('is never valid when anything in it is another', () => {
    assert(
      property(
        integer({ min: 0, max: text.length - 1 }),
        string({ minLength: 1, maxLength: 1 }),
        (at, letter) => {
          const changed = text.slice(0, at) + letter + text.slice(at + 1);
          const before = readSignature(text)?.statement;
          const after = readSignature(changed);
          if (after?.valid) expect(after.statement).toEqual(before);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is read, whatever it is', () => {
    assert(property(json(), (text) => void readSignature(text)));
  });
});
