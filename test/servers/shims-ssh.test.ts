// libssh and libssh2 through their shims, on a real SSH server: the server's key is the right one, the client's key is taken, and
// a file is read over SFTP.

import { createHash } from 'node:crypto';
import { constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesAt, bytesOf, type Cell, type Pointer, stringAt } from '@dlshim/runtime';
import { CURLINFO_ACTIVESOCKET, CURLOPT_CONNECT_ONLY, CURLOPT_URL, libcurl } from '@dlshim/shims/libcurl';
import {
  libssh,
  SSH_AUTH_DENIED,
  SSH_AUTH_SUCCESS,
  SSH_FX_NO_SUCH_FILE,
  SSH_OPTIONS_HOST,
  SSH_OPTIONS_PORT,
  SSH_OPTIONS_USER,
  sftp_attributes_struct,
  type ssh_key,
  type ssh_session,
} from '@dlshim/shims/libssh';
import {
  LIBSSH2_ERROR_AUTHENTICATION_FAILED,
  LIBSSH2_FXF_READ,
  LIBSSH2_HOSTKEY_HASH_SHA256,
  LIBSSH2_HOSTKEY_TYPE_ED25519,
  LIBSSH2_METHOD_HOSTKEY,
  type LIBSSH2_SESSION,
  LIBSSH2_SFTP_ATTRIBUTES,
  LIBSSH2_SFTP_OPENFILE,
  libssh2,
} from '@dlshim/shims/libssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { noServer } from './servers.mjs';
import { type Ssh, start } from './ssh.mjs';

const noSsh = noServer('ssh');

describe.skipIf(noSsh)(named('an SSH server', noSsh), () => {
  const content = bytes(150_000);
  let server: Ssh;
  let path: string;

  beforeAll(async () => {
    server = await start();
    path = join(server.files, 'file');
    writeFileSync(path, content);
  });
  afterAll(() => server?.stop());

  describe('libssh', () => {
    /** A session that is connected to the server, whose key has been compared. */
    function connect(): ssh_session {
      const { fn } = libssh.open();
      const session = fn.ssh_new()!;
      expect(fn.ssh_options_set(session, SSH_OPTIONS_HOST, Buffer.from(`${server.host}\0`))).toBe(0);
      expect(fn.ssh_options_set(session, SSH_OPTIONS_PORT, new Uint32Array([server.port]))).toBe(0);
      expect(fn.ssh_options_set(session, SSH_OPTIONS_USER, Buffer.from(`${server.user}\0`))).toBe(0);
      expect(fn.ssh_connect(session), fn.ssh_get_error(session) ?? '').toBe(0);
      const key: Cell<ssh_key> = [null];
      expect(fn.ssh_get_server_publickey(session, key)).toBe(0);
      const base64: Cell<Pointer<number>> = [null];
      expect(fn.ssh_pki_export_pubkey_base64(key[0], base64)).toBe(0);
      expect(`ssh-ed25519 ${stringAt(base64[0])}`).toBe(server.hostKey);
      fn.ssh_string_free_char(base64[0]);
      fn.ssh_key_free(key[0]);
      return session;
    }

    /** Whether the server takes the key in a file. */
    function authenticate(session: ssh_session, file: string): number {
      const { fn } = libssh.open();
      const key: Cell<ssh_key> = [null];
      expect(fn.ssh_pki_import_privkey_file(file, null, null, null, key)).toBe(0);
      const result = fn.ssh_userauth_publickey(session, null, key[0]);
      fn.ssh_key_free(key[0]);
      return result;
    }

    function disconnect(session: ssh_session): void {
      const { fn } = libssh.open();
      fn.ssh_disconnect(session);
      fn.ssh_free(session);
    }

    test('reads a file over SFTP, and says that another one is not there', () => {
      const { fn } = libssh.open();
      const session = connect();
      expect(authenticate(session, server.key)).toBe(SSH_AUTH_SUCCESS);
      const sftp = fn.sftp_new(session);
      expect(fn.sftp_init(sftp)).toBe(0);

      const attributes = fn.sftp_stat(sftp, path);
      expect(sftp_attributes_struct.read(attributes).size).toBe(content.length);
      fn.sftp_attributes_free(attributes);
      const file = fn.sftp_open(sftp, path, constants.O_RDONLY, 0);
      const buffer = new Uint8Array(content.length);
      for (let at = 0; at < buffer.length; ) {
        const count = Number(fn.sftp_read(file, buffer.subarray(at), buffer.length - at));
        expect(count, fn.ssh_get_error(session) ?? '').toBeGreaterThan(0);
        at += count;
      }
      expect(same(buffer, content)).toBe(true);
      expect(fn.sftp_close(file)).toBe(0);

      expect(fn.sftp_open(sftp, join(server.files, 'nobody'), constants.O_RDONLY, 0)).toBeNull();
      expect(fn.sftp_get_error(sftp)).toBe(SSH_FX_NO_SUCH_FILE);
      fn.sftp_free(sftp);
      disconnect(session);
    });

    test("is denied with a key that is not the user's", () => {
      const session = connect();
      expect(authenticate(session, join(server.folder, 'host'))).toBe(SSH_AUTH_DENIED);
      disconnect(session);
    });
  });

  describe('libssh2', () => {
    /** Connects as libcurl does it, and gives the socket's descriptor: libssh2 has no function for that. */
    function socket(): { descriptor: number; close: () => void } {
      const { fn } = libcurl.open();
      const curl = fn.curl_easy_init();
      const descriptor = new Int32Array([-1]);
      expect(fn.curl_easy_setopt(curl, CURLOPT_URL, `http://${server.host}:${server.port}/`)).toBe(0);
      expect(fn.curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1)).toBe(0);
      expect(fn.curl_easy_perform(curl)).toBe(0);
      expect(fn.curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, descriptor)).toBe(0);
      return { descriptor: descriptor[0]!, close: () => fn.curl_easy_cleanup(curl) };
    }

    /** Runs `body` with a session whose handshake is done. */
    function withSession(body: (session: Pointer<LIBSSH2_SESSION>) => void): void {
      const { fn } = libssh2.open();
      expect(fn.libssh2_init(0)).toBe(0);
      const { descriptor, close } = socket();
      const session = fn.libssh2_session_init_ex(null, null, null, null)!;
      expect(fn.libssh2_session_handshake(session, descriptor)).toBe(0);
      expect(fn.libssh2_session_methods(session, LIBSSH2_METHOD_HOSTKEY)).toBe('ssh-ed25519');
      const [length, type]: [number[], number[]] = [[0], [0]];
      const key = bytesAt(fn.libssh2_session_hostkey(session, length, type), length[0]!);
      const hash = bytesAt(fn.libssh2_hostkey_hash(session, LIBSSH2_HOSTKEY_HASH_SHA256), 32);
      expect(`ssh-ed25519 ${Buffer.from(key).toString('base64')}`).toBe(server.hostKey);
      expect(type[0]).toBe(LIBSSH2_HOSTKEY_TYPE_ED25519);
      expect(same(hash, createHash('sha256').update(key).digest())).toBe(true);
      try {
        body(session);
      } finally {
        fn.libssh2_session_disconnect_ex(session, 11, 'done', '');
        fn.libssh2_session_free(session);
        close();
        fn.libssh2_exit();
      }
    }

    /** 0 where the server takes the key in a file. */
    function authenticate(session: Pointer<LIBSSH2_SESSION>, key: string): number {
      const { user } = server;
      const length = Buffer.byteLength(user);
      const { fn } = libssh2.open();
      return fn.libssh2_userauth_publickey_fromfile_ex(session, user, length, `${key}.pub`, key, null);
    }

    test('reads a file over SFTP', () => {
      const { fn } = libssh2.open();
      withSession((session) => {
        expect(authenticate(session, server.key)).toBe(0);
        const sftp = fn.libssh2_sftp_init(session);
        const length = Buffer.byteLength(path);
        const file = fn.libssh2_sftp_open_ex(sftp, path, length, LIBSSH2_FXF_READ, 0, LIBSSH2_SFTP_OPENFILE);
        const attributes = LIBSSH2_SFTP_ATTRIBUTES.alloc();
        expect(fn.libssh2_sftp_fstat_ex(file, bytesOf(attributes), 0)).toBe(0);
        expect(attributes.filesize).toBe(content.length);
        const buffer = new Uint8Array(content.length);
        for (let at = 0; at < buffer.length; ) {
          const count = Number(fn.libssh2_sftp_read(file, buffer.subarray(at), buffer.length - at));
          expect(count).toBeGreaterThan(0);
          at += count;
        }
        expect(same(buffer, content)).toBe(true);
        expect(fn.libssh2_sftp_close_handle(file)).toBe(0);
        expect(fn.libssh2_sftp_shutdown(sftp)).toBe(0);
      });
    });

    test("is denied with a key that is not the user's", () => {
      withSession((session) => {
        expect(authenticate(session, join(server.folder, 'host'))).toBe(LIBSSH2_ERROR_AUTHENTICATION_FAILED);
      });
    });
  });
});
