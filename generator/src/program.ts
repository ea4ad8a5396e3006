// What the bundle hands to the launcher.
export { main } from './cli/main.ts';
export { loader } from './config/loader.ts';
