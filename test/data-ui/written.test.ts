import { expect, test } from 'vitest';
import { writeDataset } from '../../src/data/index.ts';
import { commandLine } from '../../src/data-ui/command-line.ts';
import { writtenLines } from '../../src/data-ui/index.ts';
import { folder, MADE, newPicture, SOURCE } from '../data/sample.ts';

test('the command that makes a dataset again can be typed', () => {
  const argv = ['./my photos', '--out', './set', '--positive', 'it’s', '--json', '--replace', '-q'];
  expect(commandLine('data:import', argv)).toBe(
    "sv72 data import './my photos' --out ./set --positive 'it’s'",
  );
});

test('a part that lacks a class is told at once', async () => {
  const pictures = [1, 2, 3, 4].map((seed) => newPicture(seed, { group: 'city:Ulm' }));
  const dir = `${await folder()}/set`;
  const written = await writeDataset({ dir, made: MADE, sources: [SOURCE], pictures });
  expect(writtenLines(written).notes).toEqual([
    'A class is missing for validation and test: the set is small, or its places and look-alikes are few.',
  ]);
});
