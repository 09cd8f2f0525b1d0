/** A backbone that is known to build, to train and to export. Any other id of timm may work as well. */
export interface KnownBackbone {
  readonly id: string;
  /** Parameters, millions. */
  readonly millions: number;
  /** As the weights' publisher names it. */
  readonly licence: string;
  /** Whether what is made from it may only be published under the same terms, with their text. */
  readonly binds: boolean;
  readonly about: string;
}

const apache = { licence: 'apache-2.0', binds: false } as const;
const dinov3 = { licence: 'dinov3-license', binds: true } as const;

/** Ids, sizes and licence fields of timm 1.0.31. */
export const BACKBONES: readonly KnownBackbone[] = [
  { id: 'plain-s', millions: 0.1, ...apache, about: 'own plain CNN at 112 pixels, from random weights' },
  { id: 'plain-m', millions: 0.47, ...apache, about: 'the same, larger: trains in minutes on a CPU' },
  {
    id: 'mobilenetv4_conv_small_050.e3000_r224_in1k',
    millions: 0.96,
    ...apache,
    about: 'tiny, for weak CPUs',
  },
  { id: 'convnext_atto.d2_in1k', millions: 3.4, ...apache, about: 'small CNN' },
  { id: 'efficientnet_b0.ra4_e3600_r224_in1k', millions: 4.0, ...apache, about: 'small CNN' },
  { id: 'tf_efficientnetv2_s.in21k_ft_in1k', millions: 20.2, ...apache, about: 'fast CNN' },
  { id: 'convnext_tiny.in12k_ft_in1k', millions: 27.8, ...apache, about: 'the usual choice for a CPU miner' },
  { id: 'vit_base_patch16_224.augreg2_in21k_ft_in1k', millions: 85.8, ...apache, about: 'plain transformer' },
  {
    id: 'vit_base_patch16_siglip_224.v2_webli',
    millions: 92.9,
    ...apache,
    about: 'SigLIP 2: good features as they are',
  },
  {
    id: 'vit_so400m_patch14_siglip_gap_224.v2_webli',
    millions: 412,
    ...apache,
    about: 'SigLIP 2, the largest: half a second and more on a CPU',
  },
  { id: 'convnext_tiny.dinov3_lvd1689m', millions: 27.8, ...dinov3, about: 'DINOv3 as a CNN' },
  { id: 'vit_small_plus_patch16_dinov3.lvd1689m', millions: 28.7, ...dinov3, about: 'DINOv3, small' },
  { id: 'vit_base_patch16_dinov3.lvd1689m', millions: 85.6, ...dinov3, about: 'DINOv3, middle' },
  {
    id: 'vit_large_patch16_dinov3.lvd1689m',
    millions: 303.1,
    ...dinov3,
    about: 'DINOv3, the best for its cost',
  },
];

export function knownBackbone(id: string): KnownBackbone | undefined {
  return BACKBONES.find((known) => known.id === id);
}
