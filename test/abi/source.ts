// A library of the model in, its header and its source in C out. Each function puts down what it got, byte by byte and member by
// member, and hands out what it was told to: in the results, through pointers and to callbacks. Both are streams that JavaScript
// reads and writes as memory, so that nothing of what is tested is needed to look at them.
// Follows C11 6.7 for the declarators and 7.16 for <stdarg.h>.

import type { CFunction, Library, Parameter, Record, Type } from './model.ts';

/** Where the streams end. */
export const STREAM_BYTES: number = 1 << 16;

/** `int a`, `const char *a[3][2]`: a declaration of `name`. */
function declare(type: Type, name: string): string {
  switch (type.kind) {
    case 'integer':
      return `${type.c} ${name}`;
    case 'bool':
      return `_Bool ${name}`;
    case 'floating':
      return `${type.size === 4 ? 'float' : 'double'} ${name}`;
    case 'address':
      return `void *${name}`;
    case 'text':
      return `const char *${name}`;
    case 'chars':
      return `char ${name}[${type.length}]`;
    case 'array':
      return declare(type.of, `${name}[${type.length}]`);
    case 'record':
      return `${type.record.kind} ${type.record.name} ${name}`;
    default:
      return type satisfies never;
  }
}

/** A function's prototype, as failures show it. */
export function prototype({ name, parameters, rest, result }: CFunction): string {
  const list = parameters.flatMap(declareParameter);
  if (rest) list.push('...');
  return result ? declare(result, `${name}(${list.join(', ')})`) : `void ${name}(${list.join(', ') || 'void'})`;
}

function declareParameter(one: Parameter, at: number): string[] {
  const name = `a${at}`;
  switch (one.kind) {
    case 'value':
      return [declare(one.type, name)];
    case 'elements': {
      // Of addresses and strings the elements themselves are constant: `void *const *`.
      const isPointer = one.of.kind === 'address' || one.of.kind === 'text';
      const mark = one.constant && isPointer ? 'const ' : '';
      const text = declare(one.of, `${mark}*${name}`);
      return [one.constant && !isPointer ? `const ${text}` : text, ...(one.counted ? [`size_t ${name}_count`] : [])];
    }
    case 'callback': {
      const list = one.parameters.map((type, index) => declare(type, `p${index}`)).join(', ') || 'void';
      return [one.result ? declare(one.result, `(*${name})(${list})`) : `void (*${name})(${list})`];
    }
    default:
      return one satisfies never;
  }
}

/** What a record is in C, for the header and for failures. */
export function recordText({ name, kind, members, attribute }: Record): string {
  const lines = members.map(
    ({ type, bits }, at) => `  ${declare(type, `m${at}`)}${bits === undefined ? '' : ` : ${bits}`};`,
  );
  const mark = attribute ? ` __attribute__((${attribute}))` : '';
  return `${kind}${mark} ${name} {\n${lines.join('\n')}\n};`;
}

export function headerText({ records, functions }: Library): string {
  return [
    '#pragma once',
    '#include <stddef.h>',
    '#include <stdint.h>',
    'enum abi_sign { ABI_MINUS = -2147483647 - 1, ABI_PLUS = 2147483647 };',
    'enum abi_level { ABI_LOW, ABI_HIGH = 4294967295u };',
    'uint64_t abi_streams(void);',
    ...records.map(recordText),
    ...functions.map((one) => `${prototype(one)};`),
    '',
  ].join('\n');
}

const PREAMBLE = `
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "abi.h"

/* What shows that a wrong bit is found. */
#ifndef ABI_FLIP_ARGUMENTS
#define ABI_FLIP_ARGUMENTS 0
#endif
#ifndef ABI_FLIP_RESULTS
#define ABI_FLIP_RESULTS 0
#endif

static struct {
  uint32_t taken, put, function, overflow;
  unsigned char given[${STREAM_BYTES}], seen[${STREAM_BYTES}];
} streams;

static void crashed(int number) {
  char text[64];
  int length = snprintf(text, sizeof text, "signal %d in abi_%u\\n", number, streams.function);
  if (write(2, text, (size_t)length) < 0) _exit(138);
  _exit(139);
}

uint64_t abi_streams(void) {
  signal(SIGSEGV, crashed), signal(SIGBUS, crashed), signal(SIGILL, crashed);
  return (uint64_t)(uintptr_t)&streams;
}

static void put(const void *from, size_t length) {
  if (streams.put + length > sizeof streams.seen) { streams.overflow = 1; return; }
  memcpy(streams.seen + streams.put, from, length);
  streams.seen[streams.put] ^= ABI_FLIP_ARGUMENTS;
  streams.put += (uint32_t)length;
}
static void take(void *to, size_t length) {
  if (streams.taken + length > sizeof streams.given) { streams.overflow = 1; memset(to, 0, length); return; }
  memcpy(to, streams.given + streams.taken, length);
  if (length > 1) *(unsigned char *)to ^= ABI_FLIP_RESULTS;
  streams.taken += (uint32_t)length;
}
static int choice(void) { unsigned char c; take(&c, 1); return c; }
/* JavaScript has one NaN. */
static void put_float(float x) { if (x != x) x = NAN; put(&x, sizeof x); }
static void put_double(double x) { if (x != x) x = NAN; put(&x, sizeof x); }
static void put_text(const char *text) {
  unsigned char there = text != 0;
  put(&there, 1);
  if (text) put(text, strlen(text) + 1);
}
static const char *take_text(void) {
  if (!choice()) return 0;
  const char *text = (const char *)streams.given + streams.taken;
  streams.taken += (uint32_t)strlen(text) + 1;
  return text;
}
`;

/** Statements that put down the value of an lvalue, or take one into it. */
function move(way: 'put' | 'take', type: Type, lvalue: string): string {
  switch (type.kind) {
    case 'integer':
    case 'bool':
    case 'address':
      return `${way}(&${lvalue}, sizeof ${lvalue});`;
    case 'floating':
      return way === 'put'
        ? `put_${type.size === 4 ? 'float' : 'double'}(${lvalue});`
        : `take(&${lvalue}, sizeof ${lvalue});`;
    case 'text':
      return way === 'put' ? `put_text(${lvalue});` : `${lvalue} = take_text();`;
    case 'chars':
      return `${way}(${lvalue}, sizeof ${lvalue});`;
    case 'array':
      return Array.from({ length: type.length }, (_, at) => move(way, type.of, `${lvalue}[${at}]`)).join(' ');
    case 'record':
      return `${way}_${type.record.name}(&${lvalue});`;
    default:
      return type satisfies never;
  }
}

function recordMovers(record: Record): string {
  const type = `${record.kind} ${record.name}`;
  const members = (way: 'put' | 'take') =>
    record.members.map(({ type, bits }, at) => {
      if (bits === undefined) return move(way, type, `p->m${at}`);
      const inner = declare(type, 'x');
      return way === 'put'
        ? `{ ${inner} = p->m${at}; put(&x, sizeof x); }`
        : `{ ${inner}; take(&x, sizeof x); p->m${at} = x; }`;
    });
  const body = (way: 'put' | 'take') =>
    record.kind === 'struct'
      ? members(way).join('\n  ')
      : `switch (choice()) {\n${members(way)
          .map((text, at) => `  case ${at}: ${text} break;`)
          .join('\n')}\n  }`;
  return (
    `static void put_${record.name}(const ${type} *p) {\n  ${body('put')}\n}\n` +
    `static void take_${record.name}(${type} *p) {\n  memset(p, 0, sizeof *p);\n  ${body('take')}\n}\n`
  );
}

function parameterBody(one: Parameter, at: number): string {
  const name = `a${at}`;
  switch (one.kind) {
    case 'value':
      return move('put', one.type, name);
    case 'elements': {
      const loop = (way: 'put' | 'take') =>
        `if (choice()) for (size_t i = 0; i < ${one.counted ? `${name}_count` : one.count}; i++) { ${move(way, one.of, `${name}[i]`)} }`;
      const count = one.counted ? `put(&${name}_count, sizeof ${name}_count); ` : '';
      return `${count}${loop('put')}${one.constant ? '' : ` ${loop('take')}`}`;
    }
    case 'callback': {
      const declared = one.parameters.map((type, index) => `${declare(type, `p${index}`)};`);
      const taken = one.parameters.map((type, index) => move('take', type, `p${index}`));
      const call = `${name}(${one.parameters.map((_, index) => `p${index}`).join(', ')})`;
      const called = one.result ? `${declare(one.result, 'r')} = ${call}; ${move('put', one.result, 'r')}` : `${call};`;
      return `{ ${[...declared, ...taken, called].join(' ')} }`;
    }
    default:
      return one satisfies never;
  }
}

function functionText(one: CFunction, at: number): string {
  const lines = [`streams.function = ${at};`, ...one.parameters.map(parameterBody)];
  if (one.rest) {
    const last = one.parameters.at(-1);
    const name = `a${one.parameters.length - 1}${last?.kind === 'elements' && last.counted ? '_count' : ''}`;
    lines.push(`va_list rest; va_start(rest, ${name});`);
    for (const type of one.rest) {
      lines.push(`{ ${declare(type, 'x')} = va_arg(rest, ${declare(type, '').trim()}); ${move('put', type, 'x')} }`);
    }
    lines.push('va_end(rest);');
  }
  if (one.result)
    lines.push(`${declare(one.result, 'result')}; ${move('take', one.result, 'result')}`, 'return result;');
  return `${prototype(one)} {\n  ${lines.join('\n  ')}\n}\n`;
}

export function sourceText({ records, functions }: Library): string {
  return [PREAMBLE, ...records.map(recordMovers), ...functions.map(functionText)].join('\n');
}
