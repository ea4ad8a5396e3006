// What the conformance suite of the drivers (../drivers-conformance.test.ts) asks of each of them: where its server is, how an image gets
// behind it and out again without the driver, and what the driver says it can do. One file of this folder for each driver.

import type { Restore } from '@dlshim/runtime/testing';
import type { servers } from '../servers.mjs';

/** A driver, for the suite. */
export interface Subject {
  /** As on the known list. */
  readonly driver: string;
  /** Its servers; an empty list for a format of files. */
  readonly needs: readonly (keyof typeof servers)[];
  /** Why it cannot be tested here, whatever servers there are. */
  readonly missing?: string | undefined;
  /** The library that it cannot do without, or that it does less without. */
  readonly library: SubjectLibrary;
  readonly can: {
    readonly write: boolean;
    /** `resize` is there. */
    readonly resize: boolean;
    /** An image is made by opening it with `create`. */
    readonly create: boolean;
    readonly snapshots: boolean;
  };
  /** Offsets and lengths are multiples of it. */
  readonly alignment: number;
  start(): Promise<Running>;
}

export interface SubjectLibrary {
  /** Of the shim: `librbd`. */
  readonly name: string;
  /** The start of the file's name, as it stands in /proc/self/maps: `librbd.so`. */
  readonly file: string;
  /** Absent: the driver cannot be opened. False: it does what it can (`without` says what it cannot). */
  readonly required: boolean;
  /** Pretends that it is not installed, is a version that is too old (where the shim knows any), lacks what one feature stands for. */
  pretendAbsent(): Restore;
  readonly pretendOld?: (() => Restore) | undefined;
  readonly masked?: readonly MaskedFeature[];
}

/** A feature of the library that the driver uses. Without it the driver works, as the suite shows, and says less in `info().features`. */
export interface MaskedFeature {
  readonly feature: string;
  pretend(): Restore;
  /** What `info().features` then lacks, where that says anything of it. */
  readonly lacks?: string;
}

/** A server that runs, or a folder for files. */
export interface Running {
  /** Puts an image there, by other means than the driver, and gives its address (or path). */
  put(name: string, content: Uint8Array): Promise<string>;
  /** The address that `put` or `create` gives to an image of this name. */
  address(name: string): string;
  /** The image's content, by other means than the driver. */
  get(name: string): Promise<Uint8Array>;
  /** What qemu-img(1) calls the image, where it speaks the protocol and is installed; `-f` for a format. */
  readonly qemu?: ((name: string) => { readonly address: string; readonly format: string }) | undefined;
  /** Errors that the server gives: an address, and the code that opening it rejects with. */
  readonly refused: readonly { readonly what: string; readonly address: string; readonly code: string }[];
  stop(): Promise<void>;
}
