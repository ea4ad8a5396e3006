// The drivers of the examples, for the suites that are the same for all of them.

import { subject as gluster } from './gluster.ts';
import { subject as iscsi } from './iscsi.ts';
import { subject as nfs } from './nfs.ts';
import { subject as rbd } from './rbd.ts';
import type { Subject } from './subject.ts';

export const subjects: readonly Subject[] = [gluster, iscsi, nfs, rbd];
