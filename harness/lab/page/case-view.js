// One case as it happens: its stages, time line, processes, rules and files; made anew at most once per frame.

import { append, badge, el } from '../../report/html/client/dom.js';
import { eventDetails, timeOf } from '../../report/html/client/event.js';
import { processTree } from '../../report/html/client/process-tree.js';
import { processRows } from './process-rows.js';

/** @typedef {import('./case-state.js').CaseState} CaseState */
/** @typedef {import('./case-state.js').Moment} Moment */
/** @typedef {import('../message.ts').JudgedView} JudgedView */

/** In the order in which a case goes through them; some go without some. */
const stageNames = [
  ['boot', 'boot'],
  ['mitigation', 'hardening'],
  ['inventory', 'inventory'],
  ['prerequisites', 'prerequisites'],
  ['attack', 'attack'],
  ['wait', 'launch'],
  ['cleanup', 'cleanup'],
  ['legitimate', 'legitimate use'],
  ['judged', 'verdict'],
];

/**
 * The earliest of these stages, in words: that is the one that is waited for where two cases go on together.
 * @param {readonly string[]} stages
 * @returns {string | undefined} undefined of none
 */
export const earliestStage = (stages) => stageNames.find(([name = '']) => stages.includes(name))?.[1];

const verdictLooks = {
  pass: { tone: 'good', sign: '✓' },
  fail: { tone: 'bad', sign: '✗' },
  error: { tone: 'odd', sign: '!' },
  skip: { tone: 'none', sign: '–' },
};

/** The view of one case; its parts are replaced as it goes on. */
export class CaseView {
  element = el('article', { class: 'case-live' });
  #head = el('div', {});
  #rules = el('div', { class: 'rules-live', 'aria-live': 'polite' });
  #timeline = el('ol', { class: 'timeline' });
  #cut = el('p', { class: 'quiet' });
  #tree = el('div', {});
  #steps = el('div', {});
  #files = el('div', {});
  /** @type {Map<Moment, Element>} */
  #rows = new Map();
  /** @type {string | undefined} */
  #start;
  #stepsShown = 0;
  #processesShown = 0;
  #titles;

  /** @param {Readonly<Record<string, string>>} titles of rules, by slug */
  constructor(titles) {
    this.#titles = titles;
    append(this.element, [
      this.#head,
      el('div', { class: 'left' }, el('h3', {}, 'Time line'), this.#timeline, this.#cut),
      el('div', { class: 'right' }, this.#rules, this.#tree, this.#files),
      this.#steps,
    ]);
  }

  /**
   * @param {CaseState} state
   * @param {JudgedView | undefined} judged
   */
  show(state, judged) {
    this.#head.replaceChildren(...headOf(state));
    this.#showRules(state);
    this.#showTimeline(state);
    this.#showTree(state, judged);
    this.#showFiles(state, judged);
    this.#showSteps(state);
  }

  /** @param {CaseState} state */
  #showRules({ rules, observation }) {
    const lit = [...rules].map(([slug, { at, because }]) =>
      el(
        'li',
        { class: 'lit' },
        badge({ tone: 'good', sign: '●' }, slug),
        ' ',
        el('span', {}, this.#titles[slug] ?? ''),
        ' ',
        el('span', { class: 'quiet' }, timeOf(at)),
        because.length > 0 &&
          el(
            'ul',
            { class: 'tests' },
            because.map(({ text, seen }) =>
              el(
                'li',
                { class: 'holds' },
                text,
                seen.map(({ field, value }) =>
                  el('span', {}, '; saw ', el('code', {}, `${field} = ${value ?? 'nothing'}`)),
                ),
              ),
            ),
          ),
      ),
    );
    this.#rules.replaceChildren(
      el('h3', {}, `Rules that saw it: ${rules.size}`),
      lit.length > 0
        ? el('ul', {}, lit)
        : el('p', { class: 'quiet' }, observation === null ? 'None so far.' : 'None.'),
    );
  }

  /**
   * Puts new moments between those that are shown, which stay as they are: what somebody has opened stays open.
   * @param {CaseState} state
   */
  #showTimeline({ moments, unshown, startedAt }) {
    const start = startedAt ?? undefined;
    if (start !== this.#start) {
      this.#start = start;
      for (const [moment, row] of this.#rows) row.querySelector('.when')?.replaceWith(whenOf(moment, start));
    }
    const list = this.#timeline;
    for (const [at, moment] of moments.entries()) {
      const shown = list.children[at];
      if (shown !== undefined && shown === this.#rows.get(moment)) continue;
      const row = this.#rows.get(moment) ?? momentRow(moment, start);
      this.#rows.set(moment, row);
      list.insertBefore(row, shown ?? null);
    }
    this.#cut.textContent = unshown > 0 ? `… and ${unshown} more; the evidence has all of them.` : '';
  }

  /**
   * @param {CaseState} state
   * @param {JudgedView | undefined} judged
   */
  #showTree({ processes }, judged) {
    const rows = judged?.trace?.processes ?? processRows(processes);
    if (rows.length === 0 || (!judged && rows.length === this.#processesShown)) return;
    this.#processesShown = rows.length;
    this.#tree.replaceChildren();
    append(this.#tree, [asH3(processTree(rows))]);
  }

  /**
   * @param {CaseState} state
   * @param {JudgedView | undefined} judged
   */
  #showFiles({ artifacts }, judged) {
    const written = new Map(judged?.files.map((file) => [file.path, file]));
    const paths = [
      ...new Set([
        ...(judged?.record.artifacts ?? []).map(({ path }) => path),
        ...artifacts.keys(),
        ...written.keys(),
      ]),
    ];
    if (paths.length === 0) return;
    this.#files.replaceChildren(
      el('h3', {}, 'What it left'),
      el(
        'ul',
        { class: 'files' },
        paths.map((path) => {
          const file = written.get(path);
          const action =
            artifacts.get(path)?.action ?? judged?.record.artifacts.find((one) => one.path === path)?.action;
          return el(
            'li',
            {},
            el('code', {}, path),
            el(
              'span',
              { class: 'quiet' },
              ` ${[action, file && `${file.owner} ${file.mode}`].filter(Boolean).join(' · ')}`,
            ),
            file?.content && el('pre', {}, file.content),
          );
        }),
      ),
      ...(judged?.trace?.schedules.some(isNew)
        ? [
            el('h3', {}, 'What was scheduled'),
            el(
              'ul',
              { class: 'files' },
              judged.trace.schedules
                .filter(isNew)
                .map(({ kind, when, user, command, inert }) =>
                  el(
                    'li',
                    {},
                    `${kind}, ${when}${user === null ? '' : `, as ${user}`}: `,
                    el('code', {}, command),
                    inert !== undefined && el('p', { class: 'ill' }, inert),
                  ),
                ),
            ),
          ]
        : []),
    );
  }

  /** @param {CaseState} state */
  #showSteps({ steps }) {
    if (steps.length === this.#stepsShown) return;
    if (this.#stepsShown === 0) append(this.#steps, [el('h3', {}, 'Commands and their answers')]);
    append(this.#steps, steps.slice(this.#stepsShown).map(stepBlock));
    this.#stepsShown = steps.length;
  }
}

/** @param {{ before: boolean, during: boolean, changed?: true }} schedule */
const isNew = ({ before, during, changed }) => (during && !before) || changed === true;

/** @param {CaseState} state */
function headOf({ title, target, mitigation, user, stage, stages, sentence, verdict, observation, reasons }) {
  const current = stage === 'finished' ? 'judged' : stage;
  return [
    el('h3', { class: 'case-title' }, mitigation === null ? 'Without hardening' : `Under ${mitigation}`),
    el('p', { class: 'quiet' }, `${title} · ${target} · as ${user}`),
    el(
      'ol',
      { class: 'stages', 'aria-label': 'Stages' },
      stageNames.map(([name = '', label = '']) => {
        const isDone = stages.includes(name) && name !== current;
        const isNow = name === current;
        return el(
          'li',
          { class: isNow ? 'now' : isDone ? 'done' : undefined, 'aria-current': isNow && 'step' },
          label,
        );
      }),
    ),
    el('p', { class: 'stage-sentence' }, sentence ?? ''),
    ...(observation === null
      ? []
      : [
          el(
            'p',
            { class: 'outcome' },
            badge(observationLook(observation), observation),
            ' ',
            verdict !== null &&
              badge(
                verdictLooks[/** @type {keyof typeof verdictLooks} */ (verdict)],
                verdict === 'pass' ? 'as expected' : verdict,
              ),
            reasons.map((reason) => el('span', { class: 'reason' }, reason)),
          ),
        ]),
  ];
}

/** @param {string} observation */
const observationLook = (observation) =>
  observation === 'executed' || observation === 'performed'
    ? { tone: 'bad', sign: '▶' }
    : observation === 'errored'
      ? { tone: 'odd', sign: '!' }
      : { tone: 'good', sign: '■' };

/**
 * @param {Moment} moment
 * @param {string | undefined} start
 */
const momentRow = ({ at, lane, text, event }, start) =>
  el(
    'li',
    { class: lane, 'data-at': at },
    whenOf({ at }, start),
    el('b', {}, lane),
    event ? eventRow(text, event) : el('code', {}, text),
  );

/**
 * @param {Pick<Moment, 'at'>} moment
 * @param {string | undefined} start
 */
const whenOf = ({ at }, start) =>
  el('span', { class: 'when', title: timeOf(at) }, start === undefined ? timeOf(at) : after(start, at));

/**
 * @param {string} text
 * @param {import('../../model/event.ts').EcsEvent} event
 */
function eventRow(text, event) {
  const details = el('details', { class: 'event' }, el('summary', {}, text));
  // Its sixty fields are made when somebody asks for them: a page of many events stays quick.
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1)
      append(details, [...eventDetails(event).children].slice(1));
  });
  return details;
}

/**
 * `+1.2 s`
 * @param {string} start
 * @param {string} at
 */
function after(start, at) {
  const ms = Date.parse(at) - Date.parse(start);
  return `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(1)} s`;
}

/** @param {import('../../model/run-record.ts').Step} step */
const stepBlock = ({ role, user, command, exitCode, stdout, stderr }) =>
  el(
    'div',
    { class: 'step' },
    el(
      'p',
      {},
      el('b', {}, role),
      el('span', { class: 'quiet' }, ` as ${user} · exit ${exitCode ?? 'none: it took too long'}`),
    ),
    el(
      'pre',
      {},
      `$ ${command.trim()}${stdout.trim() && `\n${stdout.trim()}`}${stderr.trim() && `\n${stderr.trim()}`}`,
    ),
  );

/** @param {import('../../report/html/client/dom.js').Child} child */
const asH3 = (child) =>
  Array.isArray(child)
    ? child.map((each) => (each instanceof HTMLHeadingElement ? el('h3', {}, each.textContent ?? '') : each))
    : child;
