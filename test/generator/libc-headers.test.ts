// The C library headers that come with dlshim, alone: each stands on its own, twice over, on every platform that has it; each says
// what it holds; sizes and numbers are the documented ones of platforms whose own headers are not at hand.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Target } from '../../generator/src/target.ts';
import { allTargets } from '../../generator/src/targets/targets.ts';
import { clangFlags, foreignHeaders, headersOf, libc } from '../libc.ts';
import { compilers, named } from '../needs.ts';

const noClang = compilers.find(({ cc }) => cc === 'clang')!.missing;

/** What clang says of each header when a file includes it twice, in one run. */
function compileEach(target: Target, headers: readonly string[], ...flags: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-libc-'));
  const files = headers.map((header, at) => {
    const file = join(folder, `${at}.c`);
    writeFileSync(file, `#include <${header}>\n#include <${header}>\nint present;\n`);
    return file;
  });
  return spawnSync('clang', [...clangFlags(target), ...flags, ...files], { encoding: 'utf8' }).stderr;
}

describe.each(allTargets)('on $name', (target) => {
  test.skipIf(noClang)(named('each header compiles alone and twice, without a warning', noClang), () => {
    expect(headersOf(target).length).toBeGreaterThan(30);
    expect(compileEach(target, headersOf(target), '-Wall', '-Wextra', '-pedantic', '-Wno-long-long')).toBe('');
  });

  test.skipIf(noClang)(named('the headers of other platforms say so', noClang), () => {
    const foreign = foreignHeaders(target);
    const said = compileEach(target, foreign).match(/error: "only [\w ]+ this header"/g);
    expect(foreign.length).toBeGreaterThan(5);
    expect(said?.length).toBeGreaterThanOrEqual(foreign.length);
  });

  test.skipIf(noClang)(named('all of them together are one program, whichever features are asked for', noClang), () => {
    const file = join(mkdtempSync(join(tmpdir(), 'dlshim-libc-')), 'all.c');
    writeFileSync(
      file,
      headersOf(target)
        .map((header) => `#include <${header}>\n`)
        .join(''),
    );
    const flags = [
      [],
      ['-D_GNU_SOURCE'],
      ['-std=c11'],
      ['-D_POSIX_C_SOURCE=200809L'],
      ['-D_XOPEN_SOURCE=700'],
      ['-D_FILE_OFFSET_BITS=64'],
    ];
    for (const some of flags)
      expect(spawnSync('clang', [...clangFlags(target), '-Wall', ...some, file], { encoding: 'utf8' }).stderr).toBe('');
  });
});

/** From Apple's manual pages (stat(2), dir(5), getaddrinfo(3), …) and Microsoft's documentation of the runtime and of Winsock. */
const DOCUMENTED: Readonly<Record<Target['platform'], readonly string[]>> = {
  linux: [],
  darwin: [
    ...['sizeof(struct stat) == 144', 'OFFSET(stat, st_ino) == 8', 'OFFSET(stat, st_atimespec) == 32'],
    ...['OFFSET(stat, st_birthtimespec) == 80', 'OFFSET(stat, st_size) == 96', 'OFFSET(stat, st_blksize) == 112'],
    ...['sizeof(struct dirent) == 1048', 'OFFSET(dirent, d_name) == 21', 'OFFSET(dirent, d_namlen) == 18'],
    ...['sizeof(struct statvfs) == 64', 'sizeof(fsblkcnt_t) == 4', 'OFFSET(statvfs, f_fsid) == 40'],
    ...['sizeof(struct timeval) == 16', 'sizeof(suseconds_t) == 4', 'sizeof(dev_t) == 4', 'sizeof(mode_t) == 2'],
    ...[
      'sizeof(nlink_t) == 2',
      'sizeof(ino_t) == 8',
      'sizeof(blksize_t) == 4',
      'sizeof(clock_t) == 8',
      '(clock_t)-1 > 0',
    ],
    ...['sizeof(struct sockaddr) == 16', 'OFFSET(sockaddr, sa_family) == 1', 'OFFSET(sockaddr_in, sin_port) == 2'],
    ...[
      'sizeof(struct sockaddr_in6) == 28',
      'sizeof(struct sockaddr_un) == 106',
      'sizeof(struct sockaddr_storage) == 128',
    ],
    ...['OFFSET(addrinfo, ai_canonname) == 24', 'OFFSET(addrinfo, ai_addr) == 32', 'sizeof(struct msghdr) == 48'],
    ...['sizeof(struct cmsghdr) == 12', 'sizeof(struct flock) == 24', 'OFFSET(flock, l_type) == 20'],
    ...['sizeof(fd_set) == 128', 'sizeof(sigset_t) == 4', 'sizeof(struct sigaction) == 16', 'sizeof(siginfo_t) == 104'],
    ...['sizeof(pthread_mutex_t) == 64', 'sizeof(pthread_cond_t) == 48', 'sizeof(pthread_rwlock_t) == 200'],
    ...['sizeof(pthread_attr_t) == 64', 'sizeof(*(pthread_t)0) == 8192', 'sizeof(pthread_once_t) == 16'],
    ...['sizeof(struct termios) == 72', 'sizeof(struct passwd) == 72', 'sizeof(struct utsname) == 1280'],
    ...['sizeof(mbstate_t) == 128', 'sizeof(fpos_t) == 8', 'sizeof(struct tm) == 56', 'sizeof(struct rusage) == 144'],
    ...['AF_INET6 == 30', 'SOL_SOCKET == 0xffff', 'SO_REUSEADDR == 4', 'MSG_NOSIGNAL == 0x80000', 'EAGAIN == 35'],
    ...[
      'ENOTSUP == 45',
      'EOPNOTSUPP == 102',
      'ENAMETOOLONG == 63',
      'ETIMEDOUT == 60',
      'O_CREAT == 0x200',
      'O_EXCL == 0x800',
    ],
    ...[
      'O_CLOEXEC == 0x1000000',
      'O_NONBLOCK == 4',
      'AT_FDCWD == -2',
      'SIGCHLD == 20',
      'SIGUSR1 == 30',
      'EAI_NONAME == 8',
    ],
    ...[
      'AI_NUMERICSERV == 0x1000',
      'CLOCK_MONOTONIC == 6',
      'MAP_ANONYMOUS == 0x1000',
      'RTLD_GLOBAL == 8',
      '_SC_PAGESIZE == 29',
    ],
    ...[
      'PATH_MAX == 1024',
      'BUFSIZ == 1024',
      'SAME(int64_t, long long)',
      'SAME(uint64_t, unsigned long long)',
      'SAME(size_t, unsigned long)',
    ],
    ...[
      'SAME(off_t, long long)',
      'SAME(ssize_t, long)',
      'SAME(uintptr_t, unsigned long)',
      'SAME(time_t, long)',
      'SAME(wint_t, int)',
    ],
  ],
  win32: [
    ...['sizeof(SOCKET) == 8', '(SOCKET)-1 > 0', 'sizeof(fd_set) == 520', 'OFFSET(fd_set, fd_array) == 8'],
    ...[
      'sizeof(struct timeval) == 8',
      'sizeof(time_t) == 8',
      'sizeof(off_t) == 4',
      'sizeof(long) == 4',
      'sizeof(wchar_t) == 2',
    ],
    ...['sizeof(struct _stat64i32) == 48', 'sizeof(struct _stat64) == 56', 'OFFSET(_stat64, st_size) == 24'],
    ...['OFFSET(_stat64i32, st_atime) == 24', 'sizeof(struct addrinfo) == 48', 'OFFSET(addrinfo, ai_addrlen) == 16'],
    ...['OFFSET(addrinfo, ai_canonname) == 24', 'sizeof(struct hostent) == 32', 'OFFSET(servent, s_port) == 24'],
    ...['sizeof(WSADATA) == 408', 'sizeof(struct linger) == 4', 'sizeof(struct tm) == 36', 'sizeof(OVERLAPPED) == 32'],
    ...['sizeof(CRITICAL_SECTION) == 40', 'sizeof(GUID) == 16', 'sizeof(jmp_buf) == 256', 'sizeof(socklen_t) == 4'],
    ...[
      'AF_INET6 == 23',
      'EAGAIN == 11',
      'EWOULDBLOCK == 140',
      'ENOSYS == 40',
      'WSAEWOULDBLOCK == 10035',
      'O_CREAT == 0x100',
    ],
    ...['BUFSIZ == 512', 'RAND_MAX == 32767', 'SAME(size_t, unsigned long long)', 'SAME(int64_t, long long)'],
    ...[
      'SAME(DWORD, unsigned long)',
      'SAME(LONG, long)',
      'SAME(HANDLE, void *)',
      'SAME(int_fast16_t, int)',
      'SAME(SSIZE_T, long long)',
    ],
  ],
};

describe.each(allTargets.filter(({ platform }) => DOCUMENTED[platform].length > 0))(
  'the documented facts of $name',
  (target) => {
    test.skipIf(noClang)(named('hold', noClang), () => {
      const folder = mkdtempSync(join(tmpdir(), 'dlshim-libc-'));
      const lines = [
        ...headersOf(target).map((header) => `#include <${header}>`),
        '#define OFFSET(tag, member) __builtin_offsetof(struct tag, member)',
        '#define SAME(a, b) __builtin_types_compatible_p(a, b)',
        ...DOCUMENTED[target.platform].map((fact) => `_Static_assert(${fact}, "${fact}");`),
      ];
      writeFileSync(join(folder, 'facts.c'), lines.join('\n'));
      const { stderr } = spawnSync('clang', [...clangFlags(target), join(folder, 'facts.c')], { encoding: 'utf8' });
      expect(stderr).toBe('');
    });
  },
);

test('each file opens with what it holds and where that comes from, and is not longer than 400 lines', () => {
  const files = readdirSync(libc, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.h'));
  for (const name of files) {
    const text = readFileSync(join(libc, name), 'utf8');
    expect(text, name).toMatch(/^\/\* [A-Z`\w][\s\S]*?\*\//);
    expect(/^[\s\S]*?\*\//.exec(text)![0], name).toMatch(/Sources?:|See /);
    expect(text.split('\n').length, name).toBeLessThanOrEqual(401);
  }
  expect(new Set(files.map((name) => name.toLowerCase())).size).toBe(files.length);
  expect(files.map(dirname)).not.toContain('bits');
});
