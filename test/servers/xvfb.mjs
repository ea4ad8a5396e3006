// An X display without a screen, for GTK. Nothing in; out the display's name. Follows Xvfb(1) and Xserver(1).

import { readLog } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['Xvfb', 'xwininfo'], root: false };

/** @typedef {Awaited<ReturnType<typeof start>>} Xvfb */

/** Gives `display`, for DISPLAY. It takes the first number that is free, and no connections but through its local socket. */
export function start() {
  return inSite('xvfb', async (site) => {
    const number = site.path('display');
    const args = ['-displayfd', '3', '-screen', '0', '640x480x24', '-nolisten', 'tcp', '-noreset'];
    const ready = () => readLog(number).endsWith('\n');
    const xvfb = await site.daemon('Xvfb', args, { files: [number], ready });
    const display = `:${readLog(number).trim()}`;
    return { display, xvfb, hint: `DISPLAY=${display} xwininfo -root -tree` };
  });
}
