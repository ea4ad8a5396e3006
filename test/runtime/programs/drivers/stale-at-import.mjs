// A driver that opens its library at its top, which no driver should: its shim is stale.
import { shimOf } from './shim.mjs';

export default shimOf('libslow', { slow_answer: 'i32()' }, { format: 99 }).open();
