import type { Reader, Writer } from './bytes.ts';

/** A SCALE type written by hand, both ways. */
export interface Scale<T> {
  read(from: Reader): T;
  write(to: Writer, value: T): void;
}

export type Of<S> = S extends Scale<infer T> ? T : never;

export const u8: Scale<number> = { read: (r) => r.u8(), write: (w, v) => void w.u8(v) };
export const u32: Scale<number> = { read: (r) => r.u32(), write: (w, v) => void w.u32(v) };
/** Compact<u32> */
export const id: Scale<number> = {
  read: (r) => Number(r.compact()),
  write: (w, v) => void w.compact(v),
};
export const bytes: Scale<Uint8Array> = {
  read: (r) => r.take(r.length()).slice(),
  write: (w, v) => void w.compact(v.length).put(v),
};
export const text: Scale<string> = {
  read: (r) => new TextDecoder().decode(r.take(r.length())),
  write: (w, v) => bytes.write(w, new TextEncoder().encode(v)),
};
export const fixed = (length: number): Scale<Uint8Array> => ({
  read: (r) => r.take(length).slice(),
  write: (w, v) => void w.put(v),
});

export function vec<T>(item: Scale<T>): Scale<T[]> {
  return {
    read: (r) => Array.from({ length: r.length() }, () => item.read(r)),
    write: (w, v) => {
      w.compact(v.length);
      for (const one of v) item.write(w, one);
    },
  };
}

export function option<T>(item: Scale<T>): Scale<T | undefined> {
  return {
    read: (r) => (r.u8() === 0 ? undefined : item.read(r)),
    write: (w, v) => {
      w.u8(v === undefined ? 0 : 1);
      if (v !== undefined) item.write(w, v);
    },
  };
}

export function struct<T extends object>(fields: { readonly [K in keyof T]: Scale<T[K]> }): Scale<T> {
  const names = Object.keys(fields) as (keyof T)[];
  return {
    read: (r) => {
      const value: Partial<T> = {};
      for (const name of names) value[name] = fields[name].read(r);
      return value as T;
    },
    write: (w, v) => {
      for (const name of names) fields[name].write(w, v[name]);
    },
  };
}

/** An enum as `{ kind, value }`; each variant with its index. */
export function union<T extends object>(
  variants: {
    readonly [K in keyof T]: readonly [number, Scale<T[K]>];
  },
): Scale<{ [K in keyof T]: { kind: K; value: T[K] } }[keyof T]> {
  const kinds = Object.keys(variants) as (keyof T)[];
  return {
    read: (r) => {
      const index = r.u8();
      const kind = kinds.find((name) => variants[name][0] === index);
      if (kind === undefined) throw new RangeError(`no variant ${index} of ${kinds.join(', ')}`);
      return { kind, value: variants[kind][1].read(r) };
    },
    write: (w, v) => {
      w.u8(variants[v.kind][0]);
      variants[v.kind][1].write(w, v.value);
    },
  };
}

export const nothing: Scale<undefined> = { read: () => undefined, write: () => undefined };
