// What the ssh driver was told, by its descriptor's options and those in the URL, put together and checked: what contradicts itself is refused.

/** The values of the descriptor's options. */
export interface SshOptions {
  readonly user: string | undefined;
  readonly identity: string | undefined;
  readonly passphrase: string | undefined;
  readonly password: string | undefined;
  readonly agent: boolean;
  readonly host_key_check: string | undefined;
  readonly host_key: string | undefined;
  readonly known_hosts: string | undefined;
  readonly config: string | undefined;
  readonly connect_timeout: number | undefined;
}

/** Throws a TypeError where the URL says otherwise than the options: neither may weaken the other. */
export function together(given: SshOptions, url: Partial<SshOptions>): SshOptions {
  for (const [key, value] of Object.entries(url)) {
    const other = given[key as keyof SshOptions];
    // The agent is asked unless somebody has said no.
    const isSaid = other !== undefined && !(key === 'agent' && other === true);
    if (isSaid && other !== value)
      throw new TypeError(`the URL says ${key}=${value}, and the option '${key}' is ${other}: say it once`);
  }
  return { ...given, ...url };
}

/** How the server's key is checked. */
export type HostKeyCheck =
  | { readonly by: 'known_hosts' }
  | { readonly by: 'fingerprint'; readonly sha256: Buffer }
  | { readonly by: 'none' };

const WAYS = ['known_hosts', 'fingerprint', 'none'];

/** Throws a TypeError for what does not go together: nothing is left unchecked by mistake. */
export function hostKeyCheckOf({ host_key, host_key_check }: SshOptions): HostKeyCheck {
  if (host_key_check !== undefined && !WAYS.includes(host_key_check))
    throw new TypeError(`host_key_check is one of ${WAYS.join(', ')}, and not '${host_key_check}'`);
  const by = host_key_check ?? (host_key === undefined ? 'known_hosts' : 'fingerprint');
  if ((by === 'fingerprint') !== (host_key !== undefined))
    throw new TypeError(
      by === 'fingerprint'
        ? 'host_key_check=fingerprint needs the fingerprint: host_key=SHA256:…'
        : `host_key is a fingerprint to compare with, and host_key_check=${by} says not to`,
    );
  if (host_key === undefined) return by === 'none' ? { by } : { by: 'known_hosts' };
  return { by: 'fingerprint', sha256: digestIn(host_key) };
}

/** `SHA256:` and base64, as ssh-keygen(1) prints it, or `sha256:` and hexadecimal digits, as QEMU has it. */
function digestIn(fingerprint: string): Buffer {
  const [, digits = ''] = /^sha256:(.*)$/i.exec(fingerprint) ?? [];
  if (/^([\da-f]{2}:?){32}$/i.test(digits)) return Buffer.from(digits.replaceAll(':', ''), 'hex');
  if (/^[A-Za-z0-9+/]{43}=?$/.test(digits)) return Buffer.from(digits, 'base64');
  throw new TypeError(
    `host_key is a fingerprint such as SHA256:… in base64 (ssh-keygen -lf shows it) or in hexadecimal digits, and not '${fingerprint}'`,
  );
}
