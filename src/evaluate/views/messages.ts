import type { Point } from '../../simulate/index.ts';
import type { ViewRecipe } from './views.ts';

/** To a maker: a picture and the views that are wanted of it. */
export interface MakeOrder {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly objects: readonly Point[];
  readonly recipes: readonly ViewRecipe[];
}

/** From a maker: the views of an order in their sequence, then its end; or what was wrong with the picture. */
export type FromMaker =
  | {
      readonly id: number;
      readonly type: 'view';
      readonly jpeg: Uint8Array;
      readonly width: number;
      readonly height: number;
    }
  | { readonly id: number; readonly type: 'end' }
  | { readonly id: number; readonly type: 'unreadable'; readonly reason: string };
