// The pages of `dlshim report` in a real browser: they draw without an error and without the network, are searched and filtered, say where the
// installed library stands, and can be read in the dark, on paper and without a script. Pictures are kept in test/report/pictures.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named, noCompiler } from '../needs.ts';
import { dlshim, root } from '../tools.ts';
import { Browser, noBrowser, type Page } from './browser.ts';
import { HOSTILE, INSTALLED, install, lampLibrary, VERSIONS } from './library.ts';
import { decodePng, type Picture } from './png.ts';

const missing = noBrowser ?? noCompiler;
const pictures = join(root, 'test/report/pictures');

describe.skipIf(missing)(named('a page in a browser', missing), () => {
  let browser: Browser;
  let file: string;

  beforeAll(() => {
    const { folder, config } = lampLibrary();
    const { exports = [] } = VERSIONS.find(({ version }) => version === INSTALLED)!;
    const sysroot = install(folder, exports);
    const run = dlshim('report', '--config', config, '--out', folder, '--sysroot', sysroot);
    expect(run.stderr).toBe('');
    file = join(folder, 'lamp.html');
    browser = new Browser();
    mkdirSync(pictures, { recursive: true });
  });

  afterAll(async () => {
    await browser?.close();
  });

  async function picture(page: Page, name: string): Promise<Picture> {
    const png = await page.screenshot();
    writeFileSync(join(pictures, `${name}.png`), png);
    return decodePng(png);
  }

  /** The names of the rows of a section that are to be seen. */
  const shown = (page: Page, section: string): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll('#${section} tbody tr')]
      .filter((row) => row.checkVisibility()).map((row) => (row.querySelector('summary') ?? row.querySelector('th')).textContent.split(' ')[0])`);

  test('draws without an error and asks for nothing but itself', async () => {
    const page = await browser.open(file);
    const seen = await picture(page, 'light');
    expect(page.said).toEqual([]);
    expect(page.asked.size).toBe(1);
    expect(seen.colours(0, 0, 1500, 900)).toBeGreaterThan(50);
  });

  test('its policy refuses what did not come with it', async () => {
    const page = await browser.open(file);
    await page.evaluate(`document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/x.png' }));
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "taken"' }))`);
    await page.settled();
    expect(page.asked.size).toBe(1);
    expect(page.said.join()).toContain('Content Security Policy');
    expect(await page.evaluate('document.title')).not.toBe('taken');
  });

  test('what headers say is text, whatever it says', async () => {
    const page = await browser.open(file);
    expect(await page.evaluate('document.title')).toContain('lamp');
    expect(await page.evaluate("document.querySelectorAll('img').length")).toBe(0);
    const text = await page.evaluate<string>("document.getElementById('s.lamp_legacy').textContent");
    expect(text).toContain(HOSTILE);
  });

  test('typing hides the rows that do not have it, in all tables', async () => {
    const page = await browser.open(file);
    const before = await shown(page, 'symbols');
    await page.press('/');
    await page.type('DIM');
    expect(await page.evaluate("document.getElementById('q').value")).toBe('DIM');
    expect(await shown(page, 'symbols')).toEqual(['lamp_dim', 'lamp_dim_all']);
    expect(await shown(page, 'constants')).toEqual(['LAMP_DIM']);
    expect(await shown(page, 'features')).toEqual(['dimming', 'since_1_10']);
    expect(await shown(page, 'breaks')).toContain('LAMP_DIM');
    expect(await page.evaluate("document.getElementById('found').textContent")).toMatch(/^\d+ found$/);
    expect(await page.evaluate("document.querySelector('#records .none').checkVisibility()")).toBe(true);
    await picture(page, 'search');
    await page.type(' all');
    expect(await shown(page, 'symbols')).toEqual(['lamp_dim_all']);
    await page.press('Escape');
    expect(await page.evaluate("document.getElementById('q').value")).toBe('');
    expect(await shown(page, 'symbols')).toEqual(before);
    expect(await page.evaluate("document.querySelector('#records .none').checkVisibility()")).toBe(false);
  });

  test('a record is found by its members, and a signature by its types', async () => {
    const page = await browser.open(file);
    await page.press('/');
    await page.type('energy');
    expect(await page.evaluate("document.getElementById('r.struct.lamp_state').checkVisibility()")).toBe(true);
    await page.press('Escape');
    await page.type('lamp_callback');
    expect(await shown(page, 'symbols')).toEqual(['lamp_watch']);
  });

  test('of thousands of rows all come back', async () => {
    const names = Array.from({ length: 1500 }, (_, at) => `lamp_number_${at}`);
    const header = names.map((name) => `int ${name}(void);\n`).join('');
    const { folder, config } = lampLibrary([{ version: '1', header }], { baseline: '1', features: {} });
    dlshim('report', '--config', config, '--out', folder, '--no-machine');
    const page = await browser.open(join(folder, 'lamp.html'));
    await page.press('/');
    await page.type('number_77');
    expect(await shown(page, 'symbols')).toHaveLength(11);
    await page.press('Escape');
    expect((await shown(page, 'symbols')).length).toBeGreaterThan(100);
    await expect.poll(async () => (await shown(page, 'symbols')).length).toBe(1500);
  });

  test('filters leave what changed, and what is weak', async () => {
    const page = await browser.open(file);
    await page.evaluate("document.getElementById('only-c').click()");
    await page.settled();
    expect(await shown(page, 'symbols')).toEqual(
      ['blink', 'dim', 'dim_all', 'glow', 'legacy', 'read', 'scene', 'watch'].map((name) => `lamp_${name}`),
    );
    await page.evaluate("document.getElementById('only-w').click()");
    await page.settled();
    // lamp_read is in every version from the baseline on.
    expect(await shown(page, 'symbols')).not.toContain('lamp_read');
    expect(await shown(page, 'symbols')).toContain('lamp_scene');
  });

  test('marks the column of the installed version, and what it lacks', async () => {
    const page = await browser.open(file);
    expect(await page.evaluate("document.querySelector('.card').textContent")).toContain(INSTALLED);
    const column = await page.evaluate<{ text: string; left: number; right: number }[]>(
      `[...document.querySelectorAll('#symbols thead th.i')].map((head) => {
        const { left, right } = head.getBoundingClientRect();
        return { text: head.textContent, left, right };
      })`,
    );
    expect(column).toHaveLength(1);
    expect(column[0]!.text).toContain(INSTALLED);
    const mark = await page.evaluate<{ left: number; right: number }>(
      "(({ left, right }) => ({ left, right }))(document.querySelector('#symbols .here').getBoundingClientRect())",
    );
    expect(Math.abs(mark.left - column[0]!.left)).toBeLessThan(4);
    expect(Math.abs(mark.right - column[0]!.right)).toBeLessThan(4);
    const here = (name: string): Promise<string> =>
      page.evaluate(`document.getElementById('${name}').querySelectorAll('td')[2].textContent`);
    expect(await here('s.lamp_dim')).toBe('✓');
    expect(await here('s.lamp_scene')).toBe('✗');
    expect(await here('f.dimming')).toBe('✓');
    expect(await here('f.watching')).toBe('✗');
  });

  test('the head of a table and the names stay in sight', async () => {
    const page = await browser.open(file, { width: 620, height: 420 });
    await page.evaluate("document.getElementById('s.lamp_read').scrollIntoView({ block: 'center' }); scrollBy(90, 0)");
    await page.settled();
    const places = await page.evaluate<{ head: number; name: number; under: string; scrolled: number }>(`(() => {
      const head = document.querySelector('#symbols thead th').getBoundingClientRect();
      const name = document.querySelector('#symbols tbody th').getBoundingClientRect();
      const under = document.elementFromPoint(head.left + 30, head.bottom - 8).closest('thead') ? 'head' : 'rows';
      return { head: head.top, name: name.left, under, scrolled: scrollX };
    })()`);
    expect(places.scrolled).toBeGreaterThan(0);
    expect(places.name).toBe(0);
    expect(places.under).toBe('head');
    const bar = await page.evaluate<number>("document.querySelector('nav').getBoundingClientRect().bottom");
    expect(places.head).toBeCloseTo(bar, 0);
    const seen = await picture(page, 'scrolled');
    expect(seen.colours(0, Math.ceil(places.head), 150, 30)).toBeGreaterThan(5);
  });

  test('is dark where the reader has it so, and text has enough contrast in both', async () => {
    for (const dark of [false, true]) {
      const page = await browser.open(file, { dark });
      const seen = await picture(page, dark ? 'dark' : 'light');
      expect(luminance(seen.at(1200, 600)) < 0.2).toBe(dark);
      const contrasts = await page.evaluate<{ text: string; ratio: number }[]>(CONTRASTS);
      expect(contrasts.length).toBeGreaterThan(100);
      expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    }
  });

  test('on paper nothing sticks, everything is open, and it makes a PDF', async () => {
    const page = await browser.open(file);
    const isOpen =
      "document.querySelector('tr details').offsetHeight > 1.5 * document.querySelector('tr summary').offsetHeight";
    const stuck =
      "[...document.querySelectorAll('body *')].filter((one) => getComputedStyle(one).position === 'sticky').length";
    expect(await page.evaluate(isOpen)).toBe(false);
    expect(await page.evaluate(stuck)).toBeGreaterThan(0);
    await page.show({ print: true });
    expect(await page.evaluate(isOpen)).toBe(true);
    expect(await page.evaluate(stuck)).toBe(0);
    expect(await page.evaluate("document.querySelector('nav').checkVisibility()")).toBe(false);
    const pdf = await page.pdf();
    writeFileSync(join(pictures, 'paper.pdf'), pdf);
    expect(pdf.toString('latin1', 0, 5)).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(20_000);
  });

  test('without a script everything is there but the search', async () => {
    const page = await browser.open(file, { script: false });
    const { root: body } = await page.send('DOM.getDocument', { depth: -1 });
    const { outerHTML } = await page.send('DOM.getOuterHTML', { nodeId: body.nodeId });
    expect(outerHTML).toContain('id="s.lamp_scene"');
    const { nodeId } = await page.send('DOM.querySelector', { nodeId: body.nodeId, selector: '#find' });
    await expect(page.send('DOM.getBoxModel', { nodeId })).rejects.toThrow();
    expect((await picture(page, 'no-script')).colours(0, 0, 1500, 900)).toBeGreaterThan(50);
  });

  test('a name can be linked to: it is open, and below what sticks', async () => {
    const page = await browser.open(file, { height: 400 });
    await page.evaluate("location.hash = 's.lamp_watch'");
    await page.settled();
    expect(await page.evaluate('document.querySelector(\'[id="s.lamp_watch"] details\').open')).toBe(true);
    const top = await page.evaluate<number>("document.getElementById('s.lamp_watch').getBoundingClientRect().top");
    expect(top).toBeGreaterThan(
      await page.evaluate("document.querySelector('#symbols thead').getBoundingClientRect().bottom - 1"),
    );
  });

  test('what a reader of screens is told: headers of columns and rows, names of tables and of the box', async () => {
    const page = await browser.open(file);
    const { nodes } = await page.send('Accessibility.getFullAXTree');
    const of = (role: string): string[] =>
      (nodes as { role?: { value: string }; name?: { value: string }; ignored: boolean }[])
        .filter((node) => !node.ignored && node.role?.value === role)
        .map((node) => node.name?.value ?? '');
    expect(of('columnheader')).toEqual(
      expect.arrayContaining(['Symbol', 'Since', 'Until', `${INSTALLED} , installed on this machine`]),
    );
    expect(of('rowheader').some((name) => name.includes('lamp_open'))).toBe(true);
    expect(of('searchbox')).toEqual(['Search all tables']);
    expect(of('table').filter((name) => name === '')).toEqual([]);
    expect(of('heading')).toEqual(expect.arrayContaining(['lamp', 'On this machine']));
  });

  test('ids are unlike each other, and every link inside leads somewhere', async () => {
    const page = await browser.open(file);
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
    expect(ids.length).toBe(new Set(ids).size);
    const links = await page.evaluate<string[]>(
      "[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))",
    );
    expect(links.filter((link) => !link.startsWith('#') || !ids.includes(link.slice(1)))).toEqual([]);
  });
});

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** Of every element with text of its own that is shown: its contrast with what it stands on. */
const CONTRASTS = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      const bar = at.matches('td.p, .key.p') && getComputedStyle(at).getPropertyValue('--c');
      if (bar) {
        const probe = Object.assign(document.createElement('i'), {});
        probe.style.color = bar;
        at.append(probe);
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      }
      const [, , , alpha = 1] = parts(backgroundColor);
      if (alpha === 1) return backgroundColor;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim();
    if (!text || !element.checkVisibility() || element.closest('.a, script') || getComputedStyle(element).fontSize === '0px') return [];
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
    return [{ text: element.tagName + '.' + element.className + ' ' + text.slice(0, 40), ratio: (a + 0.05) / (b + 0.05) }];
  });
})()`;
