// The shims that this repository publishes: `npm run generate` makes them from the committed snapshots under headers/.
import { defineConfig } from 'dlshim';

export default defineConfig({
  out: 'shims',
  libraries: ['headers/librbd/library.json', 'headers/libiscsi/library.json'],
});
