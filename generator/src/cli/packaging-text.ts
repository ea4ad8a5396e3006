// Dependencies in, what `dlshim packaging` prints of them for people out.

import { printable } from '../diagnostics.ts';
import { debianFields, withoutPackage } from '../packaging/debian.ts';
import type { Dependency, LibraryFile } from '../packaging/dependency.ts';
import { rpmTags } from '../packaging/rpm.ts';

export function packagingText(dependencies: readonly Dependency[], bold: (text: string) => string): string {
  if (dependencies.length === 0) return 'no library is opened\n';
  const width = Math.max(...dependencies.flatMap(({ files }) => files.map(({ soname }) => soname.length)));
  const entries = dependencies.map(({ feature, description, priority, files }) => {
    const head = `${bold(feature)} (${priority}): ${printable(description)}`;
    return [head, ...files.map((file) => `  ${file.soname.padEnd(width)}  ${fileText(file)}`.trimEnd())].join('\n');
  });
  const lines = [
    ...Object.entries(debianFields(dependencies)).map(([field, value]) => `${bold('Debian')}  ${field}: ${value}`),
    ...withoutPackage(dependencies).map(
      ({ files }) => `${bold('Debian')}  no package is known for ${files.map(({ soname }) => soname).join(', ')}`,
    ),
    ...Object.entries(rpmTags(dependencies)).flatMap(([tag, list]) =>
      list.map((one) => `${bold('RPM')}     ${tag}: ${one}`),
    ),
  ];
  return `${[...entries, '', ...lines].join('\n')}\n`;
}

function fileText({ packages, from, before }: LibraryFile): string {
  const versions = [from && `${from} or newer`, before && `older than ${before}`].filter(Boolean).join(', ');
  const named = Object.entries(packages).map(([distribution, list]) => `${distribution}: ${list.join(' | ')}`);
  return [versions, ...named].filter(Boolean).join('; ');
}
