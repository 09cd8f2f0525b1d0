const MIB = 2n ** 20n;
const GIB = 2n ** 30n;

/** Bytes as people read them: `512 MiB`, `3.4 GiB`. */
export function formatBytes(bytes: bigint): string {
  if (bytes < GIB) return `${bytes / MIB} MiB`;
  return `${(Number(bytes / MIB) / 1024).toFixed(1)} GiB`;
}
