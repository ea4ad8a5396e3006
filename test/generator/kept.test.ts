// Which functions C keeps, and what it takes back, told by names: what is stored is kept, what runs until the function returns is not,
// and what is taken back is no answer. As SQLite's, libc's, librbd's and GLib's functions are declared.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dlshim } from '../tools.ts';

const KEPT = `
int box_create_function(box *, const char *name, int count, void *data, void (*xFunc)(context *, int));
int box_create_function_v2(box *, const char *, void *, int (*xStep)(context *), void (*xFinal)(context *), void (*xDestroy)(void *));
int box_trace_v2(box *, unsigned mask, int (*xCallback)(unsigned, void *), void *data);
void box_progress_handler(box *, int, int (*)(void *), void *);
void box_set_progress(box *b, int (*tell)(void *), void *data);
int box_bind_text(box *, int, const char *, int, void (*)(void *));
int box_bind_text64(box *, int, const char *, unsigned long, void (*)(void *), unsigned char encoding);
int box_bind_pointer(box *, int, void *, const char *, void (*)(void *));
void box_auxdata(box *, int, void *, void (*)(void *));
void box_watch_all(box *b, int (*seen)(void *), void *data);
int box_authorizer(box *, int (*)(void *, int), void *);
thread *thread_create(int (*run)(void *), void *data);
event *event_new(int fd, void (*ready)(int, void *), void *data);
void box_bind(box *b, void (*make)(void *), void *data, destroy_notify gone);
void box_auto_extension(void (*)(void));
`;
const RUN = `
int box_exec(box *, const char *sql, int (*callback)(void *, int), void *, char **errmsg);
void box_sort(void *base, unsigned long n, unsigned long size, int (*compare)(const void *, const void *));
int box_diff_iterate2(box *b, int (*cb)(unsigned long, void *), void *arg);
int box_snap_create2(box *b, const char *name, progress_fn_t cb, void *cbdata);
int box_create_with_progress(box *b, int (*cb)(void *), void *cbdata);
int box_set_all_with_progress(box *b, int (*cb)(void *), void *cbdata);
void box_foreach(box *b, void (*each)(void *), void *data);
void box_list_foreach(box *b, void (*)(void *));
int box_watch_iterate(box *b, int (*cb)(void *), void *data);
void box_list_free_full(box *b, void (*free_func)(void *));
void box_clear(box *b, void (*destroy)(void *));
void box_apply(box *b, void (*)(void *), void *);
surface *surface_create_from_stream(int (*more)(void *, unsigned char *), void *closure);
surface *surface_create(int (*read_func)(void *, unsigned char *), void *closure);
`;
const TAKEN = `
int box_get_table(box *, const char *sql, char ***result, int *rows);
void box_free_table(char **result);
names **box_names(box *b);
void box_names_release(names **out);
void box_destroy(box **out);
void box_close(box *b, int *out_status);
void box_open(const char *name, box **out);
/**
 * @param[out] left where to store what is left
 */
void box_delete(box *b, names **left);
`;

const folder = mkdtempSync(join(tmpdir(), 'dlshim-kept-'));
let module: string;

beforeAll(() => {
  const types = `typedef struct box box; typedef struct context context; typedef struct thread thread; typedef struct event event;
typedef struct surface surface; typedef struct names names;
typedef int (*progress_fn_t)(unsigned long, unsigned long, void *);
typedef void (*destroy_notify)(void *);
`;
  writeFileSync(join(folder, 'box.h'), types + KEPT + RUN + TAKEN);
  const flags = ['--header', 'box.h', '-I', folder, '--library', 'libbox.so.1', '--name', 'libbox', '--out', folder];
  expect(dlshim('generate', ...flags)).toMatchObject({ status: 0, stderr: '' });
  module = readFileSync(join(folder, 'libbox.ts'), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
});

const namesIn = (text: string): string[] =>
  [...text.matchAll(/(\w+)\((?=[^()]*\(\*|.*(?:_fn_t|notify) )/g)].map((m) => m[1]!);

/** What a function takes, on one line. */
function parameters(name: string): string {
  const found = new RegExp(`^  ${name}\\(([\\s\\S]*?)\\): [^()]*;$`, 'm').exec(module);
  return found![1]!.replaceAll(/\s+/g, ' ').trim();
}

describe('a function pointer', () => {
  test('there are as many as are declared', () => {
    expect([namesIn(KEPT).length, namesIn(RUN).length]).toEqual([15, 14]);
  });

  test.each(namesIn(KEPT))('is kept by %s, as are all that it takes', (name) => {
    expect(parameters(name)).toContain('c.KeptCallback<');
    expect(parameters(name)).not.toContain('c.Callback<');
  });

  test.each(namesIn(RUN))('is for the time of the call in %s', (name) => {
    expect(parameters(name)).toContain('c.Callback<');
    expect(parameters(name)).not.toContain('c.KeptCallback<');
  });
});

describe('what is taken back', () => {
  test.each([
    ['box_free_table', 'result: c.Pointer<c.Pointer<number>> | null'],
    ['box_names_release', 'out: c.Pointer<c.Pointer<names>> | null'],
    ['box_destroy', 'out: c.InOut<c.Pointer<box> | null>'],
    ['box_close', 'b: c.Pointer<box> | null, out_status: c.InOut<number, Int32Array>'],
  ])('is no answer of %s, whatever its name', (name, list) => {
    expect(parameters(name)).toBe(list);
  });

  test('is handed out by what gives it', () => {
    expect(parameters('box_get_table')).toContain('result: c.Out<c.Pointer<c.Pointer<number>>>');
    expect(parameters('box_open')).toContain('out: c.Out<c.Pointer<box>>');
  });

  test('is an answer where the comment says so', () => {
    expect(parameters('box_delete')).toContain('left: c.Out<c.Pointer<names>>');
  });
});
