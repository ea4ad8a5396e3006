// In: the tables of a page and how many columns each has. Out: the style sheet of the page: light and dark as the reader's system has it; on
// paper nothing sticks, and everything is open.

import type { Matrix } from './matrix.ts';

/** Where columns would be wider together, their heads stand upright; in rem. */
const WIDE = 58;
/** The widths of the columns of matrices, in rem. */
const SINCE = 4.3;
const EXTRA = 3;
const VALUE = 11;
/** What paper has beside the first columns. */
const PAPER_WIDTH = 80;

export type Shape = Pick<Matrix, 'columns' | 'longest' | 'mark'> & { readonly id: string };

/** `longest`: how many characters the longest name has. */
export function styleSheet(shapes: readonly Shape[], longest: number): string {
  const name = Math.min(24, Math.max(17, longest * 0.49 + 3.2)).toFixed(1);
  return `${COMMON}:root{--name:${name}rem;--s:${SINCE}rem;--e:${EXTRA}rem}
#constants .m,#typedefs .m{--e:${VALUE}rem}
${shapes.map(shapeStyle).join('')}${DARK}${PAPER}@media print{${shapes.map(paperStyle).join('')}}
`;
}

function shapeStyle(shape: Shape): string {
  const { id, columns, mark } = shape;
  const width = widthOf(shape);
  const left = mark && `calc(var(--name) + 2*var(--s) + var(--x) + ${mark.left.toFixed(2)}*var(--v) - 2px)`;
  const size = mark && `calc(${(mark.right - mark.left).toFixed(2)}*var(--v) + 3px)`;
  return `#${id} .m{--v:${width}rem;--count:${columns}}
${isUpright(shape) ? UPRIGHT.replaceAll('.v', `#${id} .v`) : ''}${mark ? `#${id} .here{left:${left};width:${size}}\n` : ''}`;
}

function level({ longest }: Shape): number {
  return Math.max(4.6, longest * 0.46 + 0.8);
}

function isUpright(shape: Shape): boolean {
  return shape.columns * level(shape) > WIDE;
}

function widthOf(shape: Shape): number {
  if (!isUpright(shape)) return Math.round(level(shape) * 10) / 10;
  return Math.round(Math.min(1.7, Math.max(1, 62 / shape.columns)) * 100) / 100;
}

function paperStyle(shape: Shape): string {
  const width = isUpright(shape) ? Math.min(3, PAPER_WIDTH / shape.columns) : widthOf(shape);
  return `#${shape.id} .m{--v:${Math.floor(width * 100) / 100}rem}`;
}

const LIGHT_COLOURS =
  '--bg:#fff;--fg:#1d2429;--dim:#5c676f;--line:#dde3e7;--soft:#f4f6f8;--link:#0b5a86;' +
  '--p0:#a9c9d8;--p1:#387898;--p2:#1f5873;--on0:#12303f;--on1:#fff;--on2:#fff;--tick:#ffffff59;' +
  '--here:#a45a00;--heresoft:#f6a62314;--bad:#a8201a;--break:#9a3c00;--warn:#8a5a00;--good:#2c6b3f;--add:#d9efdf;--del:#fbdcd9;--hatch:#93a1aa';
const DARK_COLOURS =
  '--bg:#14191d;--fg:#dfe5e9;--dim:#98a5ae;--line:#2c353b;--soft:#1b2227;--link:#7cc0e8;' +
  '--p0:#2f5163;--p1:#5d9dbb;--p2:#a5d3ea;--on0:#dcecf4;--on1:#081a23;--on2:#081a23;--tick:#14191d66;' +
  '--here:#f0a63c;--heresoft:#f0a63c14;--bad:#ff8f86;--break:#ffab70;--warn:#e6b450;--good:#7fcf98;--add:#1d4229;--del:#57221f;--hatch:#5e6b74';

const COMMON = `:root{color-scheme:light dark;${LIGHT_COLOURS};--bar:3.25rem;--x:0rem}
*{box-sizing:border-box}
html{font:400 100%/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;background:var(--bg);color:var(--fg);scroll-padding-top:calc(var(--bar) + 4rem);-webkit-text-size-adjust:none}
body{margin:0;min-width:max-content}
header,main>*>h2,main>*>p,main>*>ul,main>*>table,main>*>section,main>*>div>details,aside,footer,nav{margin-inline:1.5rem}
header,.card,h2,h3,.hint,.none,footer{position:sticky;left:1.5rem;width:max-content;max-width:min(72rem,calc(100vw - 3rem))}
header{padding-top:1.6rem}
h1{font-size:2rem;line-height:1.15;margin:0;letter-spacing:-.015em;font-weight:650}
header p{margin:.3rem 0 1.1rem;color:var(--dim)}
h2{font-size:1.3rem;font-weight:620;margin:2.6rem 1.5rem .5rem;letter-spacing:-.01em}
h2 small,summary small,th small,caption{color:var(--dim);font-weight:400}
th small{white-space:nowrap}
h2 small{font-size:.9rem;font-variant-numeric:tabular-nums;margin-left:.35rem}
h3{font-size:1rem;font-weight:620;margin:1.6rem 0 .4rem;font-variant-numeric:tabular-nums}
p{margin:.4rem 0}
.hint{color:var(--dim);font-size:.86rem;margin-bottom:.7rem}
a{color:var(--link);text-underline-offset:.15em}
code,.m th p,.m dd,.o td,#symbols th[scope=row],#constants th[scope=row],#typedefs th[scope=row],.l th[scope=row],details.u summary b{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem;font-weight:400}
.a{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--bg);padding:.3rem .6rem}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
nav{position:sticky;top:0;left:0;z-index:5;margin:0;padding:0 1.5rem;width:100vw;height:var(--bar);display:flex;align-items:center;gap:1.5rem;background:var(--bg);border-bottom:1px solid var(--line);white-space:nowrap;overflow-x:auto}
nav ul{display:flex;gap:1rem;list-style:none;margin:0;padding:0;font-size:.88rem}
nav ul a{text-decoration:none}nav ul a:hover{text-decoration:underline}
nav form{display:flex;align-items:center;gap:1rem;font-size:.88rem}
nav form[hidden]{display:none}
nav label{display:flex;align-items:center;gap:.35rem}
#q{font:inherit;width:17rem;padding:.36rem .6rem;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.4rem}
#q::placeholder{color:var(--dim)}
#found{color:var(--dim);min-width:5rem;font-variant-numeric:tabular-nums}
.card{border:1px solid var(--line);border-left:4px solid var(--dim);border-radius:.4rem;padding:.7rem 1.1rem .8rem;background:var(--soft);margin-top:1.2rem}
.card.i{border-left-color:var(--here)}
.card h2{position:static;margin:0 0 .25rem;font-size:1rem}
.card dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.3rem 0}
.card dt{color:var(--dim)}.card dd{margin:0}.card p{margin-left:0}.card ul{margin:.3rem 0 0;padding-left:1.1rem;color:var(--dim);font-size:.9rem}
table{border-collapse:separate;border-spacing:0;font-size:.86rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-size:.86rem;padding:.1rem 0 .5rem}
th,td{text-align:left;vertical-align:top;font-weight:400;padding:.18rem .5rem}
thead th{position:sticky;top:var(--bar);z-index:3;background:var(--bg);vertical-align:bottom;font-weight:600;border-bottom:1px solid var(--fg);padding-bottom:.35rem}
tbody th,tbody td{border-bottom:1px solid var(--line)}
tbody tr:hover>*{background-color:var(--soft)}
:target>th,details:target>summary{box-shadow:inset 3px 0 var(--here)}
.q{text-align:right}.z{color:var(--dim)}
.m{position:relative;width:max-content;padding-right:1.5rem}
.m.x{--x:var(--e)}
.m table{table-layout:fixed;width:calc(var(--name) + 2*var(--s) + var(--x) + var(--count)*var(--v))}
col.n{width:var(--name)}col.s{width:var(--s)}col.e{width:var(--e)}col.v{width:var(--v)}
.m .n,.m th[scope=row]{position:sticky;left:0;background:var(--bg);padding-left:1.5rem;overflow-wrap:anywhere}
.m .n{z-index:4}.m th[scope=row]{z-index:2}
.m .v{font-size:.78rem;padding-inline:.3rem;text-align:center;font-weight:500}
.m .v.o{color:var(--dim);font-weight:400}.m .v.b{box-shadow:inset 2px 0 var(--fg)}
.m .v.i{color:var(--here);font-weight:700;border-bottom:3px solid var(--here)}
.m th:nth-child(n+2):nth-child(-n+3),.m td:nth-child(n+2):nth-child(-n+3),.x td:nth-child(4){color:var(--dim);font-size:.8125rem;white-space:nowrap}
.x td:nth-child(4){overflow:hidden;text-overflow:ellipsis}.x td:nth-child(4) code{color:var(--fg)}
#symbols .x tr>:nth-child(4),#features .x tr>:nth-child(4){text-align:center}
#symbols td:nth-child(4),#features td:nth-child(4){color:var(--good)}td b{color:var(--bad);font-weight:600}
.m tbody tr{height:1.75rem}
td.p,td.x,td.y,td.u{padding:0;font-size:0;background-repeat:repeat-x,no-repeat;background-position:0 .28rem;background-size:var(--v) 1.2rem,100% 1.2rem;background-image:linear-gradient(90deg,var(--bg) 1px,transparent 1px),var(--fill,linear-gradient(var(--c),var(--c)))}
.p,.x,.y,.u{--c:var(--p0);--on:var(--on0)}
.p1{--c:var(--p1);--on:var(--on1)}.p2{--c:var(--p2);--on:var(--on2)}
td.x,.key.x{--fill:repeating-linear-gradient(135deg,var(--hatch) 0 1.5px,transparent 1.5px 6px)}
td.y,.key.y{--fill:repeating-linear-gradient(90deg,var(--hatch) 0 1.5px,transparent 1.5px 6px)}
td.u,.key.u{--fill:linear-gradient(var(--line),var(--line))}
td.t{font-size:.72rem;font-weight:600;line-height:1.2rem;padding:.28rem 0 0 .35rem;color:var(--on);overflow:hidden;text-overflow:clip;white-space:nowrap}
td.k{background-repeat:no-repeat,repeat-x,no-repeat;background-size:3px 1.2rem,var(--v) 1.2rem,100% 1.2rem;background-image:linear-gradient(var(--bad),var(--bad)),linear-gradient(90deg,var(--bg) 1px,transparent 1px),linear-gradient(var(--c),var(--c))}
.here{position:absolute;top:0;bottom:0;z-index:1;pointer-events:none;background:var(--heresoft);border-inline:2px solid var(--here)}
details>summary{cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
summary{position:relative}summary::before{content:"▸";position:absolute;left:-.95rem;top:.1em;color:var(--dim);font-size:.75rem}
details[open]>summary::before{content:"▾"}
.m details>:not(summary){width:max-content;max-width:min(60rem,calc(100vw - 4rem));padding:.2rem 0 .45rem;overflow-wrap:break-word}
.m dl,.m ul,.m th p{margin:0;list-style:none;padding-left:0}dt{color:var(--dim);font-size:.78rem}dd{margin:0 0 .25rem}
code i{color:var(--dim)}
ins{background:var(--add);text-decoration:underline;text-underline-offset:.18em}del{background:var(--del)}
details.u{margin:.2rem 1.5rem;padding-left:1rem}details.u table{margin:.3rem 0 1rem}
details.g{margin-left:1rem}details.g>summary{color:var(--link);font-size:.88rem;padding:.2rem 0}
.l thead th{border-bottom-color:var(--dim)}
.l .d{background:var(--add)}.l .gone{background:var(--del)}.o td:nth-child(even){text-align:right;font:inherit}.o td:nth-child(odd):nth-child(n+5):not(.d){color:var(--dim)}
.o th[scope=row],.o thead th:first-child{position:sticky;left:0;background:var(--bg)}.o thead th:first-child{z-index:4}
.r3{color:var(--bad);font-weight:600}.r2{color:var(--break);font-weight:600}.r1{color:var(--warn);font-weight:600}.r0{color:var(--good)}
.chg td:first-child{white-space:nowrap}.chg td:last-child{max-width:46rem}.chg ul{margin:.15rem 0;padding-left:1.1rem}.chg small{color:var(--dim)}
.key{display:inline-block;width:1.7rem;height:1rem;vertical-align:-.15rem;margin-right:.4rem;background:var(--fill,var(--c));color:var(--on);font-size:.72rem;font-weight:600;text-align:center;line-height:1rem}
.key.x,.key.y,.key.u{outline:1px solid var(--line)}.key.k{border-left:3px solid var(--bad)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;list-style:none;padding:0;margin-block:.2rem .8rem}
footer{margin-block:3rem 1.5rem;color:var(--dim);font-size:.82rem}
.none{color:var(--dim);margin-left:1.5rem}
[hidden]{display:none!important}
`;

const UPRIGHT = `.v span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;line-height:1}
.v{padding:.2rem 0 .35rem}
`;

const DARK = `@media (prefers-color-scheme:dark){:root{${DARK_COLOURS}}}
`;

const PAPER = `@page{size:A4 landscape;margin:12mm}
@media print{:root{color-scheme:light;${LIGHT_COLOURS};--name:24rem}
html{font-size:8px}body{min-width:0}
nav,.skip{display:none}
nav,header,footer,.card,h2,h3,.hint,.none,thead th,.m .n,.m th[scope=row],.o th[scope=row],.o thead th:first-child{position:static}
main>section{break-before:page}main>section:first-of-type{break-before:auto}
thead{display:table-header-group}tr,.card{break-inside:avoid}h2,h3{break-after:avoid}
details>summary::before{content:none!important}
details::details-content{content-visibility:visible;display:block}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
td.p{background:linear-gradient(var(--c),var(--c)) 0 .28rem/100% 1.2rem no-repeat}td.k{background:linear-gradient(var(--bad),var(--bad)) 0 .28rem/3px 1.2rem no-repeat,linear-gradient(var(--c),var(--c)) 0 .28rem/100% 1.2rem no-repeat}
.m tbody tr{height:auto}.m details>:not(summary){max-width:calc(var(--name) + 2*var(--s) + var(--x) + var(--count)*var(--v) - 1.5rem);padding:.05rem 0 .15rem}
.here{border-width:1px}
.l{max-width:100%}.l td,.l th{overflow-wrap:anywhere}}
`;
