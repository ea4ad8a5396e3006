// npm run setup: the system packages that the tests use. Installs what is missing when it may, and names it when it may not.
// --servers adds what test/servers starts, --bench what is measured against. No service of the packages is started.
// Tests that lack something skip themselves by name and reason; in CI (CI=true) nothing may be missing.

import { hasApt, install, installedVersion, isRoot } from './debian.mjs';

const NEEDED = [
  { name: 'gcc', why: 'builds the C libraries of the tests and checks layouts' },
  { name: 'clang', why: 'the second compiler that checks layouts' },
  { name: 'libc6-dev', why: 'headers of the C library' },
  { name: 'libc6-dev-arm64-cross', why: 'what the builtin C library is compared with on AArch64' },
  { name: 'mingw-w64-x86-64-dev', why: 'what it is compared with on Windows' },
  { name: 'lld', why: 'links libraries for every machine, and for macOS' },
  { name: 'gcc-mingw-w64-x86-64', why: 'builds DLLs' },
  { name: 'llvm', why: 'what their symbols are compared with' },
  { name: 'musl-tools', why: 'the dynamic loader of musl, and a compiler for it' },
  { name: 'pkg-config', why: 'where the headers of libraries stand' },
  { name: 'chromium', why: 'draws the pages of dlshim report' },
  { name: 'dpkg-dev', why: 'writes the dependencies of a package' },
  { name: 'python3', why: 'what dlopen-notes is written in' },
  { name: 'file', why: 'what debhelper asks for the kinds of files' },
  { name: 'abigail-tools', why: 'what dlshim diff is compared with' },
  // Headers bring their library with them.
  { name: 'librbd-dev', why: 'rbd/librbd.h' },
  { name: 'librados-dev', why: 'rados/librados.h' },
  { name: 'libcephfs-dev', why: 'cephfs/libcephfs.h' },
  { name: 'libiscsi-dev', why: 'iscsi/iscsi.h' },
  { name: 'libcurl4-openssl-dev', why: 'curl/curl.h' },
  { name: 'libssh2-1-dev', why: 'libssh2.h' },
  { name: 'libssh-dev', why: 'libssh/libssh.h' },
  { name: 'libglusterfs-dev', why: 'glusterfs/api/glfs.h' },
  { name: 'libgfapi0', why: 'the real libgfapi' },
  { name: 'libnfs-dev', why: 'nfsc/libnfs.h' },
  { name: 'libspice-server-dev', why: 'spice.h' },
  { name: 'libgtk-3-dev', why: 'gtk/gtk.h' },
  { name: 'libsdl2-dev', why: 'SDL2/SDL.h' },
  { name: 'libvirt-dev', why: 'libvirt/libvirt.h' },
  { name: 'libbz2-dev', why: 'bzlib.h' },
];
const SERVERS = [
  { name: 'ceph-mon', why: 'a monitor of Ceph' },
  { name: 'ceph-osd', why: 'where its data is' },
  { name: 'ceph-common', why: 'its commands' },
  { name: 'tgt', why: 'an iSCSI target' },
  { name: 'openssh-server', why: 'SFTP' },
  { name: 'nfs-ganesha', why: 'an NFS server' },
  { name: 'nfs-ganesha-vfs', why: 'which serves a folder' },
  { name: 'glusterfs-server', why: 'a Gluster volume' },
  { name: 'openssl', why: 'makes a certificate for HTTPS' },
  { name: 'xvfb', why: 'a display without a screen' },
  { name: 'x11-utils', why: 'what the display says of its windows' },
  { name: 'qemu-utils', why: 'the independent client that bytes are compared with' },
  { name: 'bzip2', why: 'what libbz2 is compared with' },
  { name: '7zip', why: 'reads disk images of macOS, those with bzip2 too' },
  { name: 'dmg2img', why: 'reads them too' },
  { name: 'qemu-block-extra', why: 'its drivers for rbd, iSCSI and HTTP' },
];
const BENCH = [{ name: 'bindgen', why: 'what generation is measured against' }];

const unknown = process.argv.slice(2).filter((flag) => !['--servers', '--bench'].includes(flag));
if (unknown.length > 0) {
  process.stderr.write(`setup: unknown: ${unknown.join(' ')}; it takes --servers and --bench\n`);
  process.exit(2);
}
const asked = (/** @type {string} */ flag) => process.argv.includes(flag);
const wanted = [...NEEDED, ...(asked('--servers') ? SERVERS : []), ...(asked('--bench') ? BENCH : [])];
const inCi = process.env.CI === 'true';

if (!hasApt()) {
  tell('this is no Debian machine; install the equivalents of', wanted);
  if (inCi) process.exitCode = 1;
} else {
  const missing = wanted.filter(({ name }) => installedVersion(name) === undefined);
  if (missing.length === 0) process.stdout.write('setup: all system packages are installed\n');
  else if (!isRoot()) {
    tell(`not root, so these are left to you: apt-get install ${missing.map((p) => p.name).join(' ')}`, missing);
    if (inCi) process.exitCode = 1;
  } else {
    process.stdout.write(`setup: installing ${missing.map((p) => p.name).join(' ')}\n`);
    const error = install(missing.map((p) => p.name));
    if (error !== undefined) {
      process.stderr.write(`setup: apt-get failed:\n${error}\n`);
      if (inCi) process.exitCode = 1;
    }
  }
}

/** @param {string} message @param {readonly { name: string, why: string }[]} packages */
function tell(message, packages) {
  process.stdout.write(`setup: ${message}\n`);
  for (const { name, why } of packages) process.stdout.write(`  ${name.padEnd(20)} ${why}\n`);
}
