/** A set of pictures that is worth knowing of. */
export interface KnownSource {
  readonly id: string;
  readonly title: string;
  /** SPDX identifier or name; null where its owners state none, or each part has its own. */
  readonly licence: string | null;
  /** Whether the licence lets a model made from it be published and used for anything. */
  readonly free: boolean;
  readonly size: string;
  readonly about: string;
  /** Name of its repository on the Hub, where `data pull` gets it from. */
  readonly repository: string | null;
  readonly url: string | null;
  /** The command that gets it, or how it is got by hand. */
  readonly how: string;
}

/** What public pages said in November 2026; sizes and terms are read anew when something is pulled. */
export const KNOWN_SOURCES: readonly KnownSource[] = [
  {
    id: 'natix',
    title: 'NATIX roadwork, the validators’ real pictures',
    licence: null,
    free: false,
    size: '10.5 GB, some 8,500 pictures of 12 megapixels',
    about: 'Four of five show road works. Since July 2026 it is only there for those whom its owners let in.',
    repository: 'natix-network-org/roadwork',
    url: 'https://huggingface.co/datasets/natix-network-org/roadwork',
    how: 'sv72 data pull natix --out DIR',
  },
  {
    id: 'cmu-roadwork',
    title: 'CMU ROADWork',
    licence: 'ODC-By-1.0',
    free: true,
    size: 'some 5,000 work zones of 18 US cities, outlines of 15 classes',
    about:
      'Nearly all show road works: bring negatives along. Leave discovered_images.zip out, it belongs to others.',
    repository: null,
    url: 'https://doi.org/10.1184/R1/26093197',
    how: 'download images.zip and annotations.zip, then: sv72 data import annotations/instances_train_gps_split.json --images images --licence ODC-By-1.0 --attribution "ROADWork dataset, Carnegie Mellon University" --out DIR',
  },
  {
    id: 'drawn',
    title: 'Street scenes drawn by sv72',
    licence: 'CC0-1.0',
    free: true,
    size: 'as many as you like',
    about: 'For trying things out; a model that learned drawings has never seen a photograph.',
    repository: null,
    url: null,
    how: 'sv72 data draw DIR',
  },
  {
    id: 'synth',
    title: 'Pictures generated as the validators generate theirs',
    licence: 'CreativeML-OpenRAIL++-M',
    free: true,
    size: 'as many as you like; needs a GPU with 12 GB',
    about: 'Half of what validators ask is made by Stable Diffusion XL with these very settings.',
    repository: null,
    url: 'https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0',
    how: 'sv72 data synth DIR',
  },
  {
    id: 'bdd100k',
    title: 'BDD100K',
    licence: 'non-commercial terms of its own',
    free: false,
    size: '100,000 pictures from dashboards',
    about: 'Negatives. Its terms do not fit a model that earns something.',
    repository: null,
    url: null,
    how: 'by hand, after reading its terms: sv72 data import',
  },
  {
    id: 'mapillary-vistas',
    title: 'Mapillary Vistas',
    licence: 'non-commercial terms of its own',
    free: false,
    size: '25,000 street pictures, outlines of over 60 classes',
    about: 'Negatives and cones. Its terms do not fit a model that earns something.',
    repository: null,
    url: null,
    how: 'by hand, after reading its terms: sv72 data import',
  },
  {
    id: 'tracon',
    title: 'TraCon traffic cones',
    licence: null,
    free: false,
    size: '540 pictures, 947 cones',
    about: 'States no licence.',
    repository: null,
    url: 'https://github.com/ikatsamenis/Cone-Detection',
    how: 'by hand, with its owners’ word: sv72 data import',
  },
  {
    id: 'hub',
    title: 'Any dataset of the Hugging Face Hub with parquet files of pictures and labels',
    licence: null,
    free: false,
    size: 'as its page says',
    about: 'The licence of its card is taken over.',
    repository: null,
    url: 'https://huggingface.co/datasets',
    how: 'sv72 data pull OWNER/NAME --out DIR',
  },
];
