// A real browser without a window, driven through the Chrome DevTools Protocol over two pipes (--remote-debugging-pipe): no port, nothing that
// other programs of the machine could reach. What a page says on its console and what it asks the network for is kept.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

const program = PROGRAMS.find((name) => spawnSync(name, ['--version']).status === 0);

/** Why there is no browser; undefined where there is one. */
export const noBrowser = program === undefined ? 'chromium is not installed' : undefined;

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  /** As much of what events say as is asked for here. */
  readonly params?: {
    readonly requestId?: string;
    readonly request?: { readonly url: string };
    readonly blockedReason?: string;
  };
  readonly result?: Record<string, never>;
  readonly error?: { readonly message: string };
}

type Listener = (message: Message) => void;

export class Browser {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<
    number,
    { resolve: (result: Record<string, never>) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Set<Listener>();
  #last = 0;

  /** Its profile goes with it. As root it cannot have a sandbox; it opens our own files and nothing else. */
  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'dlshim-browser-'));
    const flags = [
      ...['--headless=new', '--remote-debugging-pipe', '--no-first-run', '--disable-gpu', '--hide-scrollbars'],
      ...[
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-default-browser-check',
      ],
      ...['--disable-dev-shm-usage', '--force-color-profile=srgb', `--user-data-dir=${this.#folder}`],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ];
    this.#process = spawn(program!, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.#process.on('exit', (code, signal) => this.#fail(`the browser has ended (${signal ?? code})`));
    let rest = '';
    const output = this.#process.stdio[4] as Readable;
    output.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\0');
      rest = parts.pop()!;
      for (const part of parts) this.#receive(JSON.parse(part) as Message);
    });
  }

  #receive(message: Message): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result ?? {});
  }

  #fail(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  // biome-ignore lint/suspicious/noExplicitAny: what the protocol answers has a shape for each method
  send(method: string, params: object = {}, sessionId?: string): Promise<any> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  listen(listener: Listener): void {
    this.#listeners.add(listener);
  }

  async open(path: string, { width = 1500, height = 900, dark = false, script = true } = {}): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId, script);
    await page.send('Page.enable');
    await page.send('Runtime.enable');
    await page.send('Log.enable');
    await page.send('Network.enable');
    await page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    await page.send('Emulation.setScriptExecutionDisabled', { value: !script });
    await page.show({ dark });
    await page.go(pathToFileURL(path).href);
    return page;
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    await this.send('Browser.close').catch(() => {});
    await ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

const KEYS: Readonly<Record<string, number>> = { Escape: 27, '/': 191, Tab: 9, Enter: 13, ' ': 32 };

export class Page {
  readonly #browser: Browser;
  readonly #session: string;
  readonly #hasScript: boolean;
  /** What the page has said on its console, errors of its own and refusals of its policy included. */
  readonly said: string[] = [];
  /** The addresses that it has asked for; what its policy refuses is not among them. */
  readonly asked = new Set<string>();
  #loaded: (() => void) | undefined;

  constructor(browser: Browser, session: string, hasScript: boolean) {
    this.#browser = browser;
    this.#hasScript = hasScript;
    this.#session = session;
    const requests = new Map<string, string>();
    browser.listen(({ sessionId, method, params = {} }) => {
      if (sessionId !== session) return;
      if (method === 'Page.loadEventFired') this.#loaded?.();
      const { requestId = '', request, blockedReason } = params;
      if (request && method === 'Network.requestWillBeSent') {
        requests.set(requestId, request.url);
        this.asked.add(request.url);
      }
      if (method === 'Network.loadingFailed' && blockedReason === 'csp') this.asked.delete(requests.get(requestId)!);
      if (/^(Runtime\.consoleAPICalled|Runtime\.exceptionThrown|Log\.entryAdded)$/.test(method ?? ''))
        this.said.push(JSON.stringify(params));
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: what the protocol answers has a shape for each method
  send(method: string, params: object = {}): Promise<any> {
    return this.#browser.send(method, params, this.#session);
  }

  async go(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.#loaded = resolve;
    });
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** As the reader's system or a printer asks for it. */
  async show({ dark = false, print = false }): Promise<void> {
    const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
    await this.send('Emulation.setEmulatedMedia', { media: print ? 'print' : '', features });
  }

  /** The value of an expression in the page, when what it promises has come and what it changes is drawn. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  }

  /** Two frames later everything that was asked for is on the screen. */
  async settled(): Promise<void> {
    if (this.#hasScript)
      await this.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  async press(key: string): Promise<void> {
    const text = key.length === 1 ? { text: key } : {};
    const common = { key, windowsVirtualKeyCode: KEYS[key] ?? key.toUpperCase().charCodeAt(0), ...text };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...common });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
    await this.settled();
  }

  async type(text: string): Promise<void> {
    for (const key of text) await this.press(key);
  }

  /** PNG. */
  async screenshot(): Promise<Buffer> {
    await this.settled();
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }

  async pdf(): Promise<Buffer> {
    const { data } = await this.send('Page.printToPDF', { printBackground: true, preferCSSPageSize: true });
    return Buffer.from(data, 'base64');
  }
}
