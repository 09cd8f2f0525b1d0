import type { Answer } from './answers/answers.ts';
import type { Picture } from './views/picture.ts';

/** A picture that the model gets wrong. */
export interface WorstPicture {
  readonly picture: Picture;
  readonly views: number;
  readonly wrong: number;
  /** Mean |probability − label| over its views. */
  readonly error: number;
  /** The answer that is furthest off. */
  readonly worst: Answer;
}

/** The pictures with the largest share of wrong views, the furthest off first; those without a mistake are left out. */
export function worstPictures(answers: readonly Answer[], most: number): WorstPicture[] {
  const pictures = new Map<Picture, Answer[]>();
  for (const answer of answers) {
    const own = pictures.get(answer.view.picture);
    if (own === undefined) pictures.set(answer.view.picture, [answer]);
    else own.push(answer);
  }
  const found = [...pictures].flatMap(([picture, own]): WorstPicture[] => {
    const wrong = own.filter(({ p, view }) => p > 0.5 !== (view.label === 1)).length;
    const [worst] = [...own].sort((a, b) => errorOf(b) - errorOf(a) || (a.view.key < b.view.key ? -1 : 1));
    if (wrong === 0 || worst === undefined) return [];
    const error = own.reduce((sum, answer) => sum + errorOf(answer), 0) / own.length;
    return [{ picture, views: own.length, wrong, error, worst }];
  });
  return found
    .sort(
      (a, b) =>
        b.wrong / b.views - a.wrong / a.views ||
        b.error - a.error ||
        (a.picture.sha256 < b.picture.sha256 ? -1 : 1),
    )
    .slice(0, most);
}

function errorOf({ p, view }: Answer): number {
  return Math.abs(p - view.label);
}
