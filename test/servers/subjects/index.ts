// The drivers of the examples, for the suites that are the same for all of them.

import { subject as dmg } from './dmg.ts';
import { subject as iscsi } from './iscsi.ts';
import { subject as nfs } from './nfs.ts';
import { subject as rbd } from './rbd.ts';
import type { Subject } from './subject.ts';

export const subjects: readonly Subject[] = [dmg, iscsi, nfs, rbd];
