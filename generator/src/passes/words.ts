// In: names of functions and parameters. Out: the words in them, and what these say of directions. Words prove little: what is concluded
// from them only ever narrows what is safe anyway, and library.json overrules it.

/** `rbd_snap_list`, `SDL_GetWindowSize` -> their words in small letters. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_\W]+/)
    .filter(Boolean);
}

/** Words that are separated by white space. */
export function setOf(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

const FILLERS = setOf('get gets query stat lookup measure fstat lstat statvfs statfs');
const READERS: ReadonlySet<string> = new Set([
  ...FILLERS,
  ...setOf(`
  read pread recv receive list readlink readdir getcwd fetch getxattr lgetxattr fgetxattr listxattr flistxattr
  llistxattr readlinkat
`),
]);
const MAKERS = setOf('create new');
const FREERS = setOf('free destroy dispose unref dealloc deallocate');
const TAKERS: ReadonlySet<string> = new Set([...FREERS, ...setOf('release delete close put end')]);
const ASYNC = setOf('async aio');
/** Numbers behind such names often have a value for C to begin with. */
const STATEFUL = setOf(`
  len length size max n num count capacity cap pos position cursor iter offset off index idx state context ctx
  seed next start end cookie flags order inout io error err args argc argv first last mask token handle
  options id prev previous from old cur current
`);

/** `read2` reads as `read` does. */
export const any = (words: readonly string[], set: ReadonlySet<string>): boolean =>
  words.some((word) => set.has(word) || set.has(word.replace(/\d+$/, '')));

/** It tells a version, in parts. */
export const tellsVersion = (fn: string): boolean => wordsOf(fn).includes('version');
/** It fills what it is given. */
export const isFiller = (fn: string): boolean => any(wordsOf(fn), FILLERS);
/** It fills the buffers that it is given. */
export const isReader = (fn: string): boolean => any(wordsOf(fn), READERS);
/** It hands out what it makes. */
export const isMaker = (fn: string): boolean => any(wordsOf(fn), MAKERS);
/** It takes back memory that it has handed out. */
export const isFreer = (fn: string): boolean => any(wordsOf(fn), FREERS);
/** It takes something back, or ends with it: what it is given is there already. */
export const takesBack = (fn: string): boolean => any(wordsOf(fn), TAKERS);
/** It returns before the work is done. */
export const isAsync = (fn: string): boolean => any(wordsOf(fn), ASYNC);

export const mayBeRead = (parameter: string): boolean =>
  any(wordsOf(parameter), STATEFUL) || /(len|size|count|num|max|capacity)$/i.test(parameter);
/** It may be an array, of which there is no telling who fills it. */
export const isPlural = (parameter: string): boolean => /s$/i.test(parameter);
export const saysOut = (parameter: string): boolean =>
  /^(out|result|p?rval)$|^out_|_(out|ret|return|result)$/.test(parameter) && !mayBeRead(parameter);

/** Strings that C is given, though it could write others into their places. */
export const saysArguments = (parameter: string): boolean => /^(argv|args|cmds?|commands?|envp?)$/.test(parameter);

const USER_DATA =
  /^(user_?data|userdata|userp|private(_data)?|priv_?data|opaque|cb_?data|cb_?arg|closure|client_?data|data_?ptr|cookie_?data)$/i;
const USER_DATA_OF_CALLBACKS = /^(.*_)?(arg|args|data|ctx|context|cookie|user|param|p|ptr|pre|baton|priv|handle)$/i;

/** The pointer that a callback is handed. */
export const isUserData = (parameter: string, besideCallback: boolean): boolean =>
  USER_DATA.test(parameter) || (besideCallback && USER_DATA_OF_CALLBACKS.test(parameter));

/** Names of text that people type: a length beside it does not make it binary. */
const TEXTUAL = setOf(`
  name username user password passwd passphrase path filename file host hostname string str text title prompt
  message msg description desc url uri lang language format fmt type term varname encoding source dest
  destination label markup request method prefs shost xml
`);
export const isTextual = (parameter: string): boolean => TEXTUAL.has(wordsOf(parameter).at(-1) ?? '');

const BUFFERS = setOf(`
  buf buffer data val value content contents payload bytes in input out output mem memory blob block inbuf
  outbuf msgbuf src dst
`);
export const isBufferName = (parameter: string): boolean => any(wordsOf(parameter), BUFFERS);
