// An address in, what of it may be printed out: addresses may have passwords, and messages go to logs.

/** Without the user, the values of parameters (`?key=…`), and the options of an rbd: address. */
export function shownAddress(address: string): string {
  const place = address.startsWith('rbd:') ? /^rbd:(?:\\[\s\S]|[^:\\])*/.exec(address)![0] : address;
  const rest = place === address ? '' : ':…';
  return `${place.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1').replace(/([?&][^=&]*=)[^&#]*/g, '$1…')}${rest}`;
}
