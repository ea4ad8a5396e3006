// The package's programming interface: what a dlshim.config.ts imports.
export { type Config, defineConfig } from './config/define.ts';
export type { LibraryConfig } from './config/library.ts';
