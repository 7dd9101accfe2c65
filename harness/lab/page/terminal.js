// A terminal in a target: the trainer types into it, viewers see what it prints.

import { append, byId, el } from '../../report/html/client/dom.js';

/** @typedef {{ columns: number, rows: number }} Size */
/** @typedef {import('@xterm/xterm').Terminal} Terminal */
/** @typedef {{ onType: (text: string) => void, onResize: (size: Size) => void, onEnough: () => void }} Typing */

/** What fits on a projector. */
export const firstSize = { columns: 100, rows: 20 };
/** A message is no longer; what is pasted may be. */
const typedAtOnce = 4_000;

/** The place of a terminal on the page; it loads what it needs when there is one. */
export class TerminalView {
  #place = byId('terminal');
  #box = el('div', { id: 'terminal-box' });
  /** @type {Terminal | null} */
  #terminal = null;
  /** @type {Promise<void> | null} */
  #loading = null;
  #typing;
  /** What came before the terminal was there. */
  #early = '';

  /** @param {Typing | null} typing null: only to be looked at */
  constructor(typing) {
    this.#typing = typing;
  }

  /** A new terminal, in place of the one before. */
  open() {
    this.#terminal?.dispose();
    this.#terminal = null;
    this.#early = '';
    this.#place.hidden = false;
    this.#place.replaceChildren();
    const leave = el('button', { type: 'button', id: 'terminal-leave' }, 'Leave (Ctrl-D)');
    leave.addEventListener('click', () => this.#typing?.onType('\u0004'));
    const enough = el('button', { type: 'button' }, 'Wait no longer');
    enough.addEventListener('click', () => this.#typing?.onEnough());
    append(this.#place, [
      el('h2', { id: 'terminal-title' }, 'Terminal'),
      this.#typing
        ? el(
            'p',
            {},
            'What is typed here is the attack. Shift-Escape leaves the terminal with the keyboard. ',
            leave,
            ' ',
            enough,
          )
        : el('p', { class: 'quiet' }, 'The trainer types; you may look.'),
      this.#box,
    ]);
    this.#loading = this.#load();
  }

  close() {
    this.#place.hidden = true;
    this.#terminal?.dispose();
    this.#terminal = null;
    this.#loading = null;
  }

  /** @param {{ text: string, size: Size, whole: boolean }} printed */
  print({ text, size, whole }) {
    if (!this.#loading) this.open();
    if (whole) {
      this.#early = '';
      this.#terminal?.reset();
    }
    if (!this.#terminal) {
      this.#early += text;
      return;
    }
    if (!this.#typing && (this.#terminal.cols !== size.columns || this.#terminal.rows !== size.rows))
      this.#terminal.resize(size.columns, size.rows);
    this.#terminal.write(text);
  }

  async #load() {
    const address = '/xterm/xterm.mjs';
    const fitAddress = '/xterm/addon-fit.mjs';
    const xterm = /** @type {typeof import('@xterm/xterm')} */ (await import(address));
    const addon = /** @type {typeof import('@xterm/addon-fit')} */ (await import(fitAddress));
    await styleSheet('/xterm/xterm.css');
    this.#box.replaceChildren();
    const terminal = new xterm.Terminal({
      cols: firstSize.columns,
      rows: firstSize.rows,
      fontSize: 15,
      disableStdin: this.#typing === null,
      screenReaderMode: true,
    });
    terminal.open(this.#box);
    this.#terminal = terminal;
    if (this.#typing) this.#join(terminal, this.#typing, new addon.FitAddon());
    terminal.write(this.#early);
    this.#early = '';
  }

  /**
   * @param {Terminal} terminal
   * @param {Typing} typing
   * @param {import('@xterm/addon-fit').FitAddon} fit
   */
  #join(terminal, { onType, onResize }, fit) {
    terminal.loadAddon(fit);
    terminal.onData((text) => {
      for (let at = 0; at < text.length; at += typedAtOnce) onType(text.slice(at, at + typedAtOnce));
    });
    terminal.onResize(({ cols, rows }) => onResize({ columns: cols, rows }));
    terminal.attachCustomKeyEventHandler((event) => {
      if (event.key !== 'Escape' || !event.shiftKey) return true;
      document.getElementById('terminal-leave')?.focus();
      return false;
    });
    new ResizeObserver(() => fit.fit()).observe(this.#box);
    fit.fit();
    // Where it is not seen it is not drawn.
    this.#place.scrollIntoView({ block: 'nearest' });
    terminal.focus();
  }
}

/** @param {string} address */
const styleSheet = (address) =>
  new Promise((resolve) => {
    const known = document.querySelector(`link[href="${address}"]`);
    if (known) {
      resolve(null);
      return;
    }
    const link = el('link', { rel: 'stylesheet', href: address });
    link.addEventListener('load', () => resolve(null));
    document.head.append(link);
  });
