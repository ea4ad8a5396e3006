// libvirt through its shim, on the test driver that it brings: a host of its own with one domain, in this process.

import { bytesOf, type Cell, free, type Pointer, pointersAt, stringAt } from '@dlshim/runtime';
import {
  libvirt,
  VIR_DOMAIN_RUNNING,
  VIR_UUID_STRING_BUFLEN,
  virDomainInfo,
  type virDomainPtr,
} from '@dlshim/shims/libvirt';
import { expect, test } from 'vitest';
import { named, noLibrary } from '../needs.ts';
import { text } from './content.ts';

const noLibvirt = noLibrary('libvirt.so.0');

test.skipIf(noLibvirt)(
  named('libvirt lists the domains of test:///default, and each tells its name and its XML', noLibvirt),
  () => {
    const { fn } = libvirt.open();
    expect(fn.virInitialize()).toBe(0);
    const connection = fn.virConnectOpen('test:///default');
    expect(connection).not.toBeNull();

    const ids = new Int32Array(8);
    expect(fn.virConnectListDomains(connection, ids, ids.length)).toBe(1);
    const list: Cell<Pointer<virDomainPtr>> = [null];
    expect(fn.virConnectListAllDomains(connection, list, 0)).toBe(1);
    // Ended by a null, too.
    const [domain = null, ...others] = pointersAt(list[0]);
    free(list[0]);
    expect(others).toEqual([]);
    expect(fn.virDomainGetID(domain)).toBe(ids[0]);
    expect(fn.virDomainGetName(domain)).toBe('test');

    const uuid = new Uint8Array(VIR_UUID_STRING_BUFLEN);
    expect(fn.virDomainGetUUIDString(domain, uuid)).toBe(0);
    const description = fn.virDomainGetXMLDesc(domain, 0);
    const xml = stringAt(description)!;
    free(description);
    expect(xml).toMatch(/^<domain type='test' id='1'>\n {2}<name>test<\/name>/);
    expect(xml).toContain(`<uuid>${text(uuid)}</uuid>`);

    const info = virDomainInfo.alloc();
    expect(fn.virDomainGetInfo(domain, bytesOf(info))).toBe(0);
    expect(info.state).toBe(VIR_DOMAIN_RUNNING);
    expect(xml).toContain(`<memory unit='KiB'>${info.maxMem}</memory>`);

    expect(fn.virDomainFree(domain)).toBe(0);
    expect(fn.virConnectClose(connection)).toBe(0);
  },
);
