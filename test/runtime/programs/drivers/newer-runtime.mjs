// A driver that was written for a runtime that has more.
import { defineShimOfTheFuture } from '@dlshim/runtime';

export default defineShimOfTheFuture();
