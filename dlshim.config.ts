// The shims that this repository publishes: `npm run generate` makes them from the committed histories under headers/, and the
// drivers that the examples know: `npm run drivers`.
import { defineConfig } from 'dlshim';

export default defineConfig({
  out: 'shims',
  libraries: [
    'headers/librbd/library.json',
    'headers/librados/library.json',
    'headers/libcephfs/library.json',
    'headers/libiscsi/library.json',
    'headers/libcurl/library.json',
    'headers/libssh2/library.json',
    'headers/libssh/library.json',
    'headers/libgfapi/library.json',
    'headers/libnfs/library.json',
    'headers/spice_server/library.json',
    'headers/gtk3/library.json',
    'headers/sdl2/library.json',
    'headers/libvirt/library.json',
    'headers/libbz2/library.json',
  ],
  drivers: [{ sources: ['examples/drivers/*/*.ts'], out: 'examples/drivers/known.ts' }],
});
