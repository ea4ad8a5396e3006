// The drivers of the examples, for the suites that are the same for all of them.

import { subject as dmg } from './dmg.ts';
import { subject as gluster } from './gluster.ts';
import { subject as http } from './http.ts';
import { subject as iscsi } from './iscsi.ts';
import { subject as nfs } from './nfs.ts';
import { subject as rbd } from './rbd.ts';
import { subject as ssh } from './ssh.ts';
import type { Subject } from './subject.ts';

export const subjects: readonly Subject[] = [dmg, gluster, http, iscsi, nfs, rbd, ssh];
