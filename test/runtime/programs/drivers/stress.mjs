// A driver of another library.
import { defineDriver } from '@dlshim/runtime/drivers';
import { shimOf } from './shim.mjs';

export default defineDriver(
  {
    name: 'stress',
    description: 'touches',
    formats: ['touch'],
    probes: [{ offset: 0, text: 'TOUCH', score: 100 }],
    shims: { stress: { requires: ['stress_touch'] } },
  },
  {
    shims: { stress: shimOf('stress', { stress_touch: 'i32(i32)' }) },
    load: (_host, { stress }) => ({ open: async () => stress.fn.stress_touch(1) }),
  },
);
