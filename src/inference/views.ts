/** The picture mirrored, or nine tenths of it, from its lower left or right corner: where the road is. */
export const OTHER_VIEWS = ['mirror', 'left', 'right'] as const;
export type OtherView = (typeof OTHER_VIEWS)[number];
