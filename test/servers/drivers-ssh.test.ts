// The ssh driver of the examples on a real server: what its URL says, what the server's key has to be, and who is let in. What all drivers do
// is in the conformance suite.

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlockDriver, OpenOptions } from '../../examples/dist/drivers/block.js';
import { drivers } from '../../examples/dist/drivers/open.js';
import { Fields, Reader } from '../../examples/dist/drivers/ssh/packets.js';
import { parseSshUrl } from '../../examples/dist/drivers/ssh/url.js';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { collectGarbage, watched } from './loop.ts';
import { noServer } from './servers.mjs';
import { noPasswords, type Ssh, start } from './ssh.mjs';
import { at, type Options, open, serving } from './ssh-images.ts';

const noSsh = noServer('ssh');
const MIB = 1 << 20;
const SIZE = 8 * MIB;

describe('the URL of a file behind SSH', () => {
  test('has a user, a host, a port and a path, and options', () => {
    expect(parseSshUrl('ssh://me@example.org:2222/disks/a%20b.img?agent=off&host_key=SHA256:a+b/c')).toEqual({
      user: 'me',
      host: 'example.org',
      port: 2222,
      path: '/disks/a b.img',
      name: 'ssh://me@example.org:2222/disks/a%20b.img',
      options: { agent: false, host_key: 'SHA256:a+b/c' },
    });
    expect(parseSshUrl('ssh://[::1]/~/a.img')).toMatchObject({ user: undefined, host: '::1', path: 'a.img' });
  });

  test.each([
    ['ssh://host', 'the path of a file'],
    ['ssh://host/folder/', 'the path of a file'],
    ['ssh:///a', 'a host is needed'],
    ['ssh://@host/a', 'a user has a name'],
    ['ssh://host:70000/a', 'no port 70000'],
    ['ssh://-oProxyCommand=x/a', 'no name of a host'],
    ['ssh://host;id/a', 'no name of a host'],
    ['ssh://$(id)@host/a', 'no name of a user'],
    ['ssh://host/a?config=/tmp/mine', 'can name programs to run'],
    ['ssh://host/%zz', "'%' stands before"],
    ['ssh://host/a?password=secret', "no option 'password' that a URL may have"],
    ['ssh://host/a?agent=perhaps', 'on or off'],
    ['ssh://host/a?connect_timeout=soon', 'seconds'],
  ])('%s is none', (url, words) => {
    expect(() => parseSshUrl(url)).toThrow(TypeError);
    expect(() => parseSshUrl(url)).toThrow(words);
  });

  test('has no password, and the error does not repeat it', () => {
    expect(() => parseSshUrl('ssh://me:geheim@host/a')).toThrow("by the option 'password'");
    expect(() => parseSshUrl('ssh://me:geheim@host/a')).not.toThrow('geheim');
  });
});

test('packets are whole, however long their fields are', () => {
  for (let length = 0; length < 300; length++) {
    const text = 'x'.repeat(length);
    const made = new Fields()
      .string(text)
      .u32(length)
      .u64(2 ** 40 + length)
      .string(Buffer.from(text))
      .packet(5, 7, 11);
    expect(made.readUInt32BE() + 4).toBe(made.length + 11);
    expect([made.readUInt8(4), made.readUInt32BE(5)]).toEqual([5, 7]);
    const read = new Reader(made.subarray(9));
    expect([read.text(), read.u32(), read.u64(), read.text(), read.left]).toEqual([
      text,
      length,
      2 ** 40 + length,
      text,
      0,
    ]);
  }
  expect(() => new Reader(Buffer.from([0, 0, 0, 9, 1])).string()).toThrow(RangeError);
});

describe.skipIf(noSsh)(named('the ssh driver', noSsh), () => {
  let server: Ssh;
  const content = bytes(SIZE, 3);

  beforeAll(async () => {
    server = await start();
    writeFileSync(join(server.files, 'image'), content);
  });
  afterAll(() => server?.stop());

  async function image(request: OpenOptions = {}): Promise<BlockDriver> {
    const { url, options } = at(server, 'image');
    return open(url, request, options);
  }

  test('knows the file, the server, and what the server can do', async () => {
    const driver = await image();
    const { url } = at(server, 'image');
    expect(driver).toMatchObject({ size: SIZE, alignment: 1, name: url, blank: false });
    expect(await driver.info()).toMatchObject({
      driver: 'ssh',
      readOnly: false,
      features: ['flush', 'resize'],
      details: { hostKeyType: 'ssh-ed25519', hostKey: server.fingerprint },
    });
    expect(driver.snapshots).toBeUndefined();
  });

  test('three thousand reads at once while the event loop goes round, and garbage is collected', async () => {
    const driver = await image({ readOnly: true });
    const places = Array.from({ length: 3000 }, (_, i) => ((i * 40503) % (SIZE / 4096)) * 4096 + (i % 7));
    const read = () => Promise.all(places.map((place) => driver.read(Math.min(place, SIZE - 4096), 4096)));
    const { result, turns, stall } = await watched(read);
    process.stdout.write(`ssh: 3,000 reads at once, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
    expect(turns).toBeGreaterThan(3);
    const again = read();
    collectGarbage();
    for (const pieces of [result, await again]) {
      const wrong = pieces.findIndex((piece, i) => {
        const from = Math.min(places[i]!, SIZE - 4096);
        return !same(piece, content.subarray(from, from + 4096));
      });
      expect(wrong).toBe(-1);
    }
  });

  test('reads and writes at once, more than the windows of both sides hold', async () => {
    const { url, file, options } = at(server, 'both');
    const large = Buffer.concat([content, content, content, content]);
    writeFileSync(file, large);
    const driver = await open(url, {}, options);
    const half = large.length / 2;
    const [read] = await Promise.all([driver.read(0, half), driver.write(half, large.subarray(0, half))]);
    expect(same(read, large.subarray(0, half))).toBe(true);
    await driver.close();
    expect(same(readFileSync(file).subarray(half), large.subarray(0, half))).toBe(true);
  });

  test('what the home folder has is /~/', async () => {
    const { file, options } = at(server, 'image');
    const path = relative(userInfo().homedir, file);
    const driver = await open(`ssh://${server.user}@${server.host}:${server.port}/~/${path}`, {}, options);
    expect(driver.size).toBe(SIZE);
  });

  test('what is made is sparse, and not while it is in use under the name of a link', async () => {
    const { url, file, options } = at(server, 'made');
    writeFileSync(file, content);
    symlinkSync('made', `${file}-link`);
    const driver = await open(url, {}, options);
    await expect(open(`${url}-link`, { create: MIB }, options)).rejects.toMatchObject({ code: 'EBUSY' });
    expect(same(readFileSync(file), content)).toBe(true);
    await driver.close();
    const made = await open(`${url}-link`, { create: 64 * MIB }, options);
    expect(made).toMatchObject({ size: 64 * MIB, blank: true });
    expect(statSync(file)).toMatchObject({ size: 64 * MIB, blocks: 0 });
    await expect(open(url, { create: MIB }, options)).rejects.toMatchObject({ code: 'EBUSY' });
    await expect(open(at(server, 'nowhere/made').url, { create: MIB }, options)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  test('a file that has become shorter, and what the server refuses, are errors in its words; it goes on', async () => {
    const { url, file, options } = at(server, 'shorter');
    writeFileSync(file, content);
    const driver = await open(url, {}, options);
    truncateSync(file, MIB);
    await expect(driver.read(MIB - 512, 1024)).rejects.toMatchObject({
      code: 'EIO',
      message: expect.stringContaining('has become shorter'),
    });
    await expect(driver.resize!(Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: 'EIO',
      syscall: 'SSH_FXP_FSETSTAT',
      message: expect.stringContaining('Failure'),
    });
    expect(driver.size).toBe(SIZE);
    expect(same(await driver.read(0, MIB), content.subarray(0, MIB))).toBe(true);
  });

  describe("checks the server's key", () => {
    const denied = (words: RegExp | string) => ({ code: 'EACCES', message: expect.stringMatching(words) });
    /** Opens the image by a key that the server would take. */
    const by = (options: Options) => open(at(server, 'image').url, {}, { identity: server.key, ...options });
    const hosts = (name: string, key: string) => {
      const file = join(server.folder, name);
      writeFileSync(file, `[${server.host}]:${server.port} ${key}\n`);
      return file;
    };

    test('by the known hosts', async () => {
      expect((await by({ known_hosts: hosts('known', server.hostKey) })).size).toBe(SIZE);
    });

    test('that nobody knows is refused, with what to do', async () => {
      const file = join(server.folder, 'unknown');
      writeFileSync(file, `other.example ${server.hostKey}\n`);
      const message = await by({ known_hosts: file }).then(String, ({ message }: Error) => message);
      expect(message).toContain(`not among the known hosts: ssh-ed25519 ${server.fingerprint}`);
      // What it says to do is what helps.
      const [, command = ''] = /'(ssh-keyscan [^']*)'/.exec(message) ?? [];
      execFileSync('sh', ['-c', command], { stdio: 'ignore' });
      expect((await by({ known_hosts: file })).size).toBe(SIZE);
    });

    test('that is another one than the known hosts have is refused, with what to do', async () => {
      const other = readFileSync(`${server.key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
      const file = hosts('changed', other);
      const message = await by({ known_hosts: file }).then(String, ({ message }: Error) => message);
      expect(message).toMatch(/another key of it than the one it shows.*Somebody may pose as it/s);
      const command = /'(ssh-keygen .*)' \(EACCES/.exec(message)?.[1] ?? '';
      execFileSync('sh', ['-c', command], { stdio: 'ignore' });
      await expect(by({ known_hosts: file })).rejects.toMatchObject(denied('not among the known hosts'));
    });

    test('by its fingerprint, in both spellings; nobody logs in where it is another one', async () => {
      expect((await by({ host_key: server.fingerprint })).size).toBe(SIZE);
      expect((await by({ host_key: `sha256:${server.fingerprintInHex}` })).size).toBe(SIZE);
      const before = server.log().match(/Accepted/g)?.length;
      const wrong = server.fingerprint.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
      await expect(by({ host_key: wrong })).rejects.toMatchObject(denied(/other than the one to expect/));
      expect(server.log().match(/Accepted/g)?.length).toBe(before);
    });

    test('not at all only where that was said; what contradicts itself is refused', async () => {
      expect((await by({ host_key_check: 'none' })).size).toBe(SIZE);
      for (const options of [
        { host_key_check: 'fingerprint' },
        { host_key_check: 'none', host_key: server.fingerprint },
        { host_key: 'md5:00' },
        { host_key: 'sha256:00' },
      ])
        await expect(by(options)).rejects.toThrow(TypeError);
      const url = `${at(server, 'image').url}?host_key_check=none`;
      for (const options of [{ host_key_check: 'known_hosts' }, { host_key: server.fingerprint }])
        await expect(open(url, {}, { identity: server.key, ...options })).rejects.toThrow(TypeError);
      await expect(by({ host_key_check: 'no' })).rejects.toMatchObject({ kind: 'options' });
    });
  });

  describe('logs in', () => {
    const known = () => ({ host_key: server.fingerprint });
    const url = () => at(server, 'image').url;

    test('by a key that the agent has, unless it is not to be asked', async () => {
      const before = process.env.SSH_AUTH_SOCK;
      process.env.SSH_AUTH_SOCK = await server.agent();
      try {
        expect((await open(url(), {}, known())).size).toBe(SIZE);
        await expect(open(url(), {}, { ...known(), agent: false })).rejects.toMatchObject({
          code: 'EACCES',
          message: expect.stringContaining('it takes keys'),
        });
      } finally {
        if (before === undefined) delete process.env.SSH_AUTH_SOCK;
        else process.env.SSH_AUTH_SOCK = before;
      }
    });

    test('by a key in a file, with its passphrase where it has one', async () => {
      const file = join(server.folder, 'encrypted');
      writeFileSync(file, readFileSync(server.key), { mode: 0o600 });
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'geheim', '-f', file]);
      const key = { ...known(), identity: file };
      expect((await open(url(), {}, { ...key, passphrase: 'geheim' })).size).toBe(SIZE);
      const wrong = await open(url(), {}, { ...key, passphrase: 'erraten' }).catch((error: unknown) => error);
      expect(wrong).toMatchObject({ code: 'EACCES', message: expect.stringContaining('with this passphrase') });
      expect(String(wrong)).not.toContain('erraten');
      await expect(open(url(), {}, key)).rejects.toMatchObject({
        code: 'EACCES',
        message: expect.stringContaining("the option 'passphrase'"),
      });
      await expect(open(url(), {}, { ...known(), identity: `${file}-not` })).rejects.toMatchObject({ code: 'ENOENT' });
    });

    test('not with a key that the server does not take, and says which and what it takes', async () => {
      const identity = join(server.folder, 'host');
      await expect(open(url(), {}, { ...known(), identity, password: 'geheim' })).rejects.toMatchObject({
        code: 'EACCES',
        message: expect.stringMatching(/lets nobody in with the key in .*host; it takes keys\./),
      });
    });

    const none = noPasswords();
    test.skipIf(none).each([
      ['by a password, and not by another one', false],
      ['by a password that the server asks for, and not by another one', true],
    ])(named('%s', none), async (_, asks) => {
      const other = await serving({ password: 'geheim und lang', asks });
      writeFileSync(join(other.files, 'image'), content);
      const place = at(other, 'image');
      const options = { host_key: other.fingerprint, agent: false, identity: join(other.folder, 'host') };
      const driver = await open(place.url, {}, { ...options, password: 'geheim und lang' });
      expect(same(await driver.read(0, 512), content.subarray(0, 512))).toBe(true);
      expect(JSON.stringify([driver.name, await driver.info()])).not.toContain('geheim');
      const wrong = await open(place.url, {}, { ...options, password: 'erraten' }).catch((error: unknown) => error);
      expect(wrong).toMatchObject({ code: 'EACCES', message: expect.stringContaining('the password') });
      expect(String(wrong)).not.toContain('erraten');
    });

    test('as ssh_config says, whose words count less than those of the URL', async () => {
      const config = join(server.folder, 'config');
      const hosts = join(server.folder, 'hosts-of-config');
      writeFileSync(hosts, `[${server.host}]:${server.port} ${server.hostKey}\n`);
      const lines = [`HostName ${server.host}`, `User ${server.user}`, `IdentityFile ${server.key}`];
      const more = [`UserKnownHostsFile ${hosts}`, `Port ${server.port}`];
      writeFileSync(config, ['Host disks', ...lines, ...more, 'Host *', '  Port 1'].join('\n'));
      const { file } = at(server, 'image');
      expect((await open(`ssh://disks${file}`, {}, { config })).size).toBe(SIZE);
      await expect(open(`ssh://disks:1${file}`, {}, { config })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await expect(open(`ssh://nobody-of-this-name@disks${file}`, {}, { config })).rejects.toMatchObject({
        code: 'EACCES',
      });
      await expect(open(`ssh://disks${file}`, {}, { config: `${config}-not` })).rejects.toMatchObject({
        code: 'ENOENT',
      });
    });

    test('through a command that ssh_config names', async () => {
      const config = join(server.folder, 'config-of-proxy');
      const { file, options } = at(server, 'image');
      const relay = `const s = require("net").connect(${server.port}, "${server.host}"); s.pipe(process.stdout); process.stdin.pipe(s);`;
      writeFileSync(join(server.folder, 'relay.cjs'), relay);
      writeFileSync(
        config,
        `Host far\n  User ${server.user}\n  ProxyCommand ${process.execPath} ${join(server.folder, 'relay.cjs')}\n`,
      );
      const driver = await open(`ssh://far${file}`, {}, { ...options, config });
      expect(same(await driver.read(0, SIZE), content)).toBe(true);
    });

    test('as the user of the options where the URL names none', async () => {
      const place = url().replace(`${server.user}@`, '');
      const options = { ...known(), identity: server.key };
      expect((await open(place, {}, { ...options, user: server.user })).size).toBe(SIZE);
      await expect(open(place, {}, { ...options, user: 'nobody-of-this-name' })).rejects.toMatchObject({
        code: 'EACCES',
      });
    });
  });

  test('its secrets are marked as such, so that no list of options shows them', () => {
    const { options } = drivers.known.find(({ name }) => name === 'ssh') as { options: Record<string, object> };
    const secret = Object.keys(options).filter((name) => 'secret' in options[name]!);
    expect(secret).toEqual(['passphrase', 'password']);
  });
});
