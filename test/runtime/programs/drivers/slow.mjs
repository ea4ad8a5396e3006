// A driver of libslow, whose constructor may take long.
import { defineDriver } from '@dlshim/runtime/drivers';
import { shimOf } from './shim.mjs';

export default defineDriver(
  { name: 'slow', description: 'waits', protocols: ['slow'], shims: { libslow: {} } },
  {
    shims: { libslow: shimOf('libslow', { slow_answer: 'i32()' }) },
    load: (host, { libslow }) => ({
      open: async (address) => ({ address, answer: libslow.fn.slow_answer(), host: host.name }),
    }),
  },
);
