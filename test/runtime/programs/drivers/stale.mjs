// A driver whose shim was generated for a runtime that is yet to come.
import { defineDriver } from '@dlshim/runtime/drivers';
import { shimOf } from './shim.mjs';

export default defineDriver(
  { name: 'stale', description: 'from the future', protocols: ['stale'], shims: { libslow: {} } },
  { shims: { libslow: shimOf('libslow', { slow_answer: 'i32()' }, { format: 99 }) }, load: () => ({ open() {} }) },
);
