// A library and names in, which of them it has out. One that is loaded is asked through the loader, of one that is not its files tell.

import { systemLoader } from './ffi.ts';
import type { Image } from './loading/images/image.ts';
import { identityOf } from './loading/provenance.ts';
import type { Resident } from './loading/residency.ts';

/** Which of these symbols it does not have. */
export function lackingIn({ handle, image }: Resident, names: readonly string[]): string[] {
  return image ? lackingInImage(image, names) : systemLoader().lacking(handle, names);
}

/** Whether it has a symbol. */
export function isIn({ handle, image }: Resident, symbol: string): boolean {
  return image ? isInImage(image, symbol) : systemLoader().dlsym(handle, symbol) !== null;
}

/** Whether it has `symbol@VERSION`; undefined where this system has no versions of symbols. */
export function isVersionIn({ handle, image }: Resident, text: string): boolean | undefined {
  if (image) return image.hasVersions ? isInImage(image, text) : undefined;
  const address = addressIn(handle, text);
  return address === undefined ? undefined : address !== null;
}

/** The address of `symbol@VERSION`; undefined where this system has no versions of symbols, null where the library has not got it. */
export function addressIn(handle: bigint, text: string): bigint | null | undefined {
  const at = text.indexOf('@');
  return systemLoader().dlvsym?.(handle, text.slice(0, at), text.slice(at + 1));
}

/** What its file calls itself. */
export function selfOf(resident: Pick<Resident, 'path' | 'image'> | undefined): ReturnType<typeof identityOf> {
  const { image, path } = resident ?? {};
  return image ? { soname: image.soname, buildId: image.buildId } : identityOf(path);
}

/** Most of them are there: only of the others it matters whether they were looked for. */
function lackingInImage(image: Image, names: readonly string[]): string[] {
  const { present } = image;
  const lacking: string[] = [];
  for (const name of names) if (!present.has(name) && !isInImage(image, name)) lacking.push(name);
  return lacking;
}

function isInImage({ asked, present }: Image, name: string): boolean {
  if (!asked.has(name)) throw new TypeError(`${name} was not looked for`);
  return present.has(name);
}
