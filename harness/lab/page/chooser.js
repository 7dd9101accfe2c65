// What to detonate, chosen freely: an atomic, a user, a target, mitigations.

import { append, el } from '../../report/html/client/dom.js';

/** @typedef {import('../../main/lab-offer.ts').LabOffer} LabOffer */
/** @typedef {import('../message.ts').Detonation} Detonation */

/** The form of the trainer's. */
export class Chooser {
  #form;
  #offer;
  #atomic = el('select', { id: 'choose-atomic' });
  #target = el('select', { id: 'choose-target' });
  #user = el('select', { id: 'choose-user' });
  #mitigation = el('select', { id: 'choose-mitigation' });
  #second = el('select', { id: 'choose-second' });
  #step = el('input', { id: 'choose-step', type: 'checkbox' });
  #search = el('input', {
    id: 'choose-search',
    type: 'search',
    placeholder: 'slug, title, technique',
    autocomplete: 'off',
  });
  #about = el('p', { class: 'quiet' });

  /**
   * @param {HTMLFormElement} form
   * @param {LabOffer} offer
   * @param {(detonation: Detonation) => void} onDetonate
   * @param {(where: Detonation) => void} onSit
   */
  constructor(form, offer, onDetonate, onSit) {
    this.#form = form;
    this.#offer = offer;
    form.replaceChildren();
    append(form, [
      field('Find', this.#search),
      field('Atomic', this.#atomic),
      field('Target', this.#target),
      field('User', this.#user),
      field('Hardening', this.#mitigation),
      field('and', this.#second),
      el(
        'div',
        { class: 'field check' },
        this.#step,
        el('label', { for: 'choose-step' }, 'Wait before each stage'),
      ),
      el('button', { type: 'submit', class: 'go' }, 'Detonate'),
      this.#sitButton(onSit),
      this.#about,
    ]);
    fill(
      this.#target,
      offer.targets.map(({ name, title }) => [name, title || name]),
    );
    fill(this.#user, [
      ['', 'as the atomic asks'],
      ...offer.users.map((name) => /** @type {[string, string]} */ ([name, name])),
    ]);
    this.#fillAtomics();
    this.#search.addEventListener('input', () => this.#fillAtomics());
    this.#target.addEventListener('change', () => this.#fillAtomics());
    this.#atomic.addEventListener('change', () => this.#fillMitigations());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const chosen = this.chosen();
      if (chosen.atomic !== '') onDetonate(chosen);
    });
  }

  /** @param {(where: Detonation) => void} onSit */
  #sitButton(onSit) {
    const button = el('button', { type: 'button' }, 'Open a terminal instead');
    button.addEventListener('click', () => onSit(this.chosen()));
    return button;
  }

  get isStepping() {
    return this.#step.checked;
  }

  /** @returns {Detonation} */
  chosen() {
    const mitigations = [...new Set([this.#mitigation.value, this.#second.value].filter((id) => id !== ''))];
    return {
      atomic: this.#atomic.value,
      target: this.#target.value,
      mitigation: mitigations.join('+') || null,
      user: this.#user.value || null,
      isStepping: this.#step.checked,
    };
  }

  /** @param {boolean} isFree whether something can be started now */
  enable(isFree) {
    for (const button of this.#form.querySelectorAll('button')) button.disabled = !isFree;
  }

  #fillAtomics() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = this.#atomic.value;
    const found = this.#offer.atomics.filter(
      ({ slug, name, technique, targets }) =>
        targets.includes(this.#target.value) &&
        words.every((word) => `${slug} ${name} ${technique}`.toLowerCase().includes(word)),
    );
    fill(
      this.#atomic,
      found.map(({ slug, name, technique, kind }) => [
        slug,
        `${technique} ${slug}: ${name}${kind === 'benign' ? ' (benign)' : ''}`,
      ]),
    );
    if (found.some(({ slug }) => slug === chosen)) this.#atomic.value = chosen;
    this.#fillMitigations();
  }

  #fillMitigations() {
    const atomic = this.#offer.atomics.find(({ slug }) => slug === this.#atomic.value);
    const usable = this.#offer.mitigations.filter(({ targets }) => targets.includes(this.#target.value));
    const stops = usable.filter((each) => each.stops.includes(this.#atomic.value));
    const records = usable.filter((each) => each.records.includes(this.#atomic.value));
    const others = usable.filter((each) => !stops.includes(each) && !records.includes(each));
    for (const [select, none] of /** @type {const} */ ([
      [this.#mitigation, 'none'],
      [this.#second, 'nothing else'],
    ])) {
      const before = select.value;
      select.replaceChildren();
      append(select, [
        el('option', { value: '' }, none),
        group('Says that it stops this', stops),
        group('Says that it puts this on record', records),
        group('Others', others),
      ]);
      select.value = before;
      if (select.selectedIndex < 0) select.value = '';
    }
    this.#about.textContent = atomic?.description ?? '';
  }
}

/**
 * @param {string} label
 * @param {readonly import('../../main/lab-offer.ts').OfferedMitigation[]} mitigations
 */
const group = (label, mitigations) =>
  mitigations.length > 0 &&
  el(
    'optgroup',
    { label },
    mitigations.map(({ id, name }) => el('option', { value: id }, `${id}: ${name}`)),
  );

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
const field = (label, control) =>
  el('div', { class: 'field' }, el('label', { for: control.id }, label), control);

/**
 * @param {HTMLSelectElement} select
 * @param {readonly (readonly [string, string])[]} options
 */
function fill(select, options) {
  const before = select.value;
  select.replaceChildren();
  append(
    select,
    options.map(([value, text]) => el('option', { value }, text)),
  );
  if (options.some(([value]) => value === before)) select.value = before;
}
