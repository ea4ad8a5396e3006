// GTK 3 through its shim, on a real X display: a window is shown, and both GTK and the display tell its title.

import { execFileSync } from 'node:child_process';
import type { Pointer } from '@dlshim/runtime';
import { GTK_WINDOW_TOPLEVEL, type GtkWindow, gtk3 } from '@dlshim/shims/gtk3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { noServer } from './servers.mjs';
import { start, type Xvfb } from './xvfb.mjs';

const noXvfb = noServer('xvfb');

describe.skipIf(noXvfb)(named('GTK on a display', noXvfb), () => {
  let display: string;
  let xvfb: Xvfb;

  beforeAll(async () => {
    xvfb = await start();
    display = xvfb.display;
  });
  afterAll(() => xvfb?.stop());

  /** What xwininfo(1) sees on the display. */
  function tree(): string {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    return execFileSync('xwininfo', ['-display', display, '-root', '-tree'], { encoding: 'utf8', env });
  }

  test('shows a window with its title, and takes it away', () => {
    const { fn } = gtk3.open();
    // GTK reads these at its start: the display, and not to look for an accessibility bus.
    Object.assign(process.env, { DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' });
    expect(fn.gtk_init_check([0], null)).toBe(1);
    const settle = (): void => {
      while (fn.gtk_events_pending()) fn.gtk_main_iteration_do(0);
    };
    const widget = fn.gtk_window_new(GTK_WINDOW_TOPLEVEL);
    const window = widget as Pointer as Pointer<GtkWindow>;
    const title = 'A window of ours — 窓';
    fn.gtk_window_set_title(window, title);
    fn.gtk_window_set_default_size(window, 200, 100);
    expect(tree()).not.toContain('200x100');
    fn.gtk_widget_show(widget);
    settle();
    expect(fn.gtk_widget_get_mapped(widget)).toBe(1);
    expect(fn.gtk_window_get_title(window)).toBe(title);
    expect(tree()).toMatch(new RegExp(`"${title}":.* 200x100`));
    fn.gtk_widget_destroy(widget);
    settle();
    expect(tree()).not.toContain(title);
  });
});
