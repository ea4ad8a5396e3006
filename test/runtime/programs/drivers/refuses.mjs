// A driver that refuses the program.
import { DriverRefusal, defineDriver } from '@dlshim/runtime/drivers';

export default defineDriver(
  { name: 'refuses', description: 'wants more', protocols: ['refuses'] },
  {
    load(host) {
      if (!(host.layers >= 2)) throw new DriverRefusal('it draws in two layers', 'Use a newer host.');
      return { open: async () => host.layers };
    },
  },
);
