// The servers of the tests themselves: they answer an independent client, end completely, and say why they cannot start.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { named } from '../needs.ts';
import { node, root } from '../tools.ts';
import { freePort } from './daemon.mjs';
import { noServer, type ServerName, servers } from './servers.mjs';
import { inSite } from './site.mjs';

const script = join(root, 'test/servers/start.mjs');
const noTgt = noServer('tgt');

/** The processes that run for a site, by the mark in their environment. */
function processesOf(folder: string): string[] {
  // sshd writes its title over its environment: the folder is in the title then.
  const names = (file: string, text: string) => readFileSync(file, 'latin1').includes(text);
  return readdirSync('/proc').filter((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return false;
      return names(`/proc/${pid}/environ`, `=${folder}\0`) || names(`/proc/${pid}/cmdline`, `${folder}/`);
    } catch {
      return false;
    }
  });
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** Runs start.mjs until it has started everything, and gives the process and the servers' folder. */
async function running(...servers: string[]): Promise<{ pid: number; folder: string; ended: Promise<unknown> }> {
  const child = spawn(process.execPath, [script, ...servers], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk;
    if (output.includes('Ctrl-C')) break;
  }
  return { pid: child.pid!, folder: /folder: (.*)/.exec(output)![1]!, ended };
}

describe.skipIf(noTgt)(named('a server', noTgt), () => {
  test('started by hand stays until Ctrl-C, and leaves neither processes nor files', async () => {
    const { pid, folder, ended } = await running('tgt');
    expect(processesOf(folder)).toHaveLength(1);
    process.kill(pid, 'SIGINT');
    expect(await ended).toBe(0);
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test('ends with the process that started it, even when that is killed; its folder goes with the next start', async () => {
    const { pid, folder, ended } = await running('tgt');
    process.kill(pid, 'SIGKILL');
    await ended;
    for (let i = 0; i < 100 && processesOf(folder).length > 0; i++) await sleep(20);
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    await (await inSite('next', async () => ({}))).stop();
    expect(existsSync(folder)).toBe(false);
  });

  test('does not keep a process from ending', () => {
    const program = `import { start } from '${join(root, 'test/servers/tgt.mjs')}'; console.log((await start()).folder);`;
    const { status, stdout, stderr } = node('--input-type=module', '-e', program);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(stdout.trim())).toBe(false);
    expect(processesOf(stdout.trim())).toEqual([]);
  });

  test('answers an independent client, and its file holds what that wrote', async () => {
    const tgt = await (await import('./tgt.mjs')).start({ size: 1 << 20 });
    onTestFinished(() => tgt.stop());
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const content = Buffer.alloc(1 << 20, 'independent');
    writeFileSync(join(folder, 'content'), content);
    for (const { url, file } of [tgt.open, tgt.chap]) {
      execFileSync('qemu-img', ['convert', '-n', '-O', 'raw', join(folder, 'content'), url]);
      expect(readFileSync(file).equals(content)).toBe(true);
    }
  });
});

describe('every server', () => {
  for (const [name, { start }] of Object.entries(servers)) {
    const reason = noServer(name as ServerName);
    test.skipIf(reason)(named(`starts and ends completely: ${name}`, reason), async () => {
      const server = await start();
      onTestFinished(() => server.stop());
      expect(server.pids.filter(isRunning)).toEqual(server.pids);
      await server.stop();
      expect(server.pids.filter(isRunning)).toEqual([]);
      expect(processesOf(server.folder)).toEqual([]);
      expect(existsSync(server.folder)).toBe(false);
    });
  }
});

const noCeph = noServer('ceph');

describe.skipIf(noCeph)(named('a Ceph cluster', noCeph), () => {
  test('answers an independent client; a paused OSD answers nothing, and a resumed one does again', async () => {
    const ceph = await (await import('./ceph.mjs')).start();
    onTestFinished(() => ceph.stop());
    const put = (...options: string[]): string => {
      const object = ['-c', ceph.conf, '-p', ceph.pool, ...options, 'put', 'object', ceph.conf];
      return spawnSync('rados', object, { encoding: 'utf8' }).stderr;
    };
    ceph.osd.pause();
    expect(put('--rados-osd-op-timeout', '1')).toContain('Connection timed out');
    ceph.osd.resume();
    expect(put()).toBe('');
    const content = execFileSync('rados', ['-c', ceph.conf, '-p', ceph.pool, 'get', 'object', '-']);
    expect(content.equals(readFileSync(ceph.conf))).toBe(true);
  });
});

const noSetpriv = noServer();

describe.skipIf(noSetpriv)(named('a daemon that does not start', noSetpriv), () => {
  test('is an error with its log, and everything before it is stopped', async () => {
    let folder = '';
    const failing = inSite('broken', async (site) => {
      folder = site.folder;
      await site.daemon('sleep', ['60']);
      await site.daemon('sh', ['-c', 'echo no such volume; exit 3'], { ready: () => false });
      return {};
    });
    await expect(failing).rejects.toThrow('broken: sh exited with 3. Its log says:\nno such volume');
    expect(existsSync(folder)).toBe(false);
    expect(processesOf(folder)).toEqual([]);
  });

  test('because it is not there, is an error that names it', async () => {
    const failing = inSite('absent', (site) => site.daemon('dlshim-no-such-daemon', [], { ready: () => false }));
    await expect(failing).rejects.toThrow(/exited with 12[67].*\n.*dlshim-no-such-daemon/);
  });

  test('because somebody took its port, is tried again on another one', async () => {
    const ports: number[] = [];
    const site = await inSite('busy', async () => {
      ports.push(await freePort());
      if (ports.length < 3) throw new Error('bind: Address already in use');
      return {};
    });
    await site.stop();
    expect(new Set(ports).size).toBe(3);
  });
});
