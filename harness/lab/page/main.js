// The page of a lab: takes what the server says, and shows it.

import { append, byId, el } from '../../report/html/client/dom.js';
import { take } from './case-state.js';
import { CaseView, earliestStage } from './case-view.js';
import { Chooser } from './chooser.js';
import { compared } from './compare.js';
import { showLesson } from './lesson.js';
import { showRuns } from './runs.js';
import { openSocket } from './socket.js';
import { firstSize, TerminalView } from './terminal.js';

/** @typedef {import('../message.ts').LabMessage} LabMessage */
/** @typedef {import('../message.ts').SessionRun} SessionRun */
/** @typedef {import('../message.ts').Detonation} Detonation */
/** @typedef {import('../../model/lesson.ts').Lesson} Lesson */

// The token is in a cookie now: it need not stand in the address bar, where a class can read it.
history.replaceState(null, '', location.pathname);

/** @type {Extract<LabMessage, { say: 'hello' }> | null} */
let hello = null;
/** @type {TerminalView | null} */
let terminal = null;
/** @type {Chooser | null} */
let chooser = null;
/** @type {Map<number, SessionRun>} */
const runs = new Map();
/** @type {import('../message.ts').Scene} */
let scene = { lesson: null, target: null, stage: 0 };

/** What is shown: the latest run. */
let shown = 0;
/** @type {import('./case-state.js').CaseStates} */
let cases = new Map();
/** @type {Map<string, CaseView>} */
let views = new Map();
/** @type {Extract<LabMessage, { say: 'judged' }> | null} */
let judged = null;
/** @type {Readonly<Record<string, string>>} */
let waiting = {};
let leftOut = 0;
/** Cases that are another than they are shown. @type {Set<string>} */
const changed = new Set();
let isDue = false;

const say = openSocket({ onMessage, onState });

/** @param {boolean} isOpen */
function onState(isOpen) {
  byId('connection').textContent = isOpen ? 'connected' : 'the lab is not there; trying again…';
  if (!isOpen) reset(0);
}

/** @param {LabMessage} message */
function onMessage(message) {
  switch (message.say) {
    case 'hello':
      begin(message);
      return;
    case 'viewers':
      byId('connection').textContent = `${message.count} ${message.count === 1 ? 'page' : 'pages'} open`;
      return;
    case 'scene':
      showNewScene(message.scene);
      return;
    case 'run':
      runs.set(message.run.number, message.run);
      if (message.run.number > shown) {
        reset(message.run.number);
        if (message.run.isTerminal) terminal?.open();
        else terminal?.close();
      }
      showRun();
      return;
    case 'facts':
      for (const fact of message.facts) takeFact(fact);
      due();
      return;
    case 'left-out':
      leftOut += message.count;
      due();
      return;
    case 'waiting':
      waiting = message.cases;
      showControls();
      return;
    case 'judged':
      judged = message;
      for (const id of cases.keys()) changed.add(id);
      due();
      return;
    case 'terminal':
      terminal?.print(message);
      return;
    case 'refused':
      refusal(message.hint === null ? message.why : `${message.why}. ${message.hint}`);
  }
}

/** @param {import('../../model/run-event.ts').RunEvent} fact */
function takeFact(fact) {
  if (fact.kind === 'note') byId('note').textContent = fact.message;
  if (fact.kind === 'problem') byId('note').textContent = fact.problem.message;
  if (fact.kind === 'run-started') byId('note').textContent = '';
  const state = take(cases, fact);
  if (state && state.of !== 'idle') changed.add(state.id);
}

/** @param {Extract<LabMessage, { say: 'hello' }>} message */
function begin(message) {
  hello = message;
  const isTrainer = message.role === 'trainer';
  document.body.className = message.role;
  byId('who').textContent = isTrainer ? 'trainer' : 'viewer: you may look';
  const form = /** @type {HTMLFormElement} */ (byId('chooser'));
  byId('freely').hidden = !isTrainer;
  if (isTrainer) chooser = new Chooser(form, message.offer, detonate, sit);
  terminal ??= new TerminalView(
    isTrainer
      ? {
          onType: (text) => say({ ask: 'type', text }),
          onResize: (size) => say({ ask: 'resize', size }),
          onEnough: () => say({ ask: 'enough' }),
        }
      : null,
  );
  const choice = /** @type {HTMLSelectElement} */ (byId('lesson-target'));
  choice.replaceChildren(...message.offer.targets.map(({ name }) => el('option', { value: name }, name)));
  byId('lesson-target-choice').hidden = message.offer.targets.length < 2;
  choice.onchange = showLessons;
  showLessons();
  showScene();
}

function showLessons() {
  if (!hello) return;
  const { value } = /** @type {HTMLSelectElement} */ (byId('lesson-target'));
  const lessons = hello.offer.lessons.filter(({ target }) => target === value);
  byId('lesson-count').textContent = `${lessons.length}`;
  const isTrainer = hello.role === 'trainer';
  const place = byId('lessons');
  place.replaceChildren();
  append(
    place,
    lessons.map((lesson) => {
      const isOn = lesson.id === scene.lesson && lesson.target === scene.target;
      const item = el(
        'li',
        {},
        isTrainer
          ? el(
              'button',
              { type: 'button', 'aria-pressed': `${isOn}`, 'data-lesson': lesson.id },
              lesson.title,
            )
          : el('span', { class: isOn ? 'sentence' : undefined }, lesson.title),
      );
      item.querySelector('button')?.addEventListener('click', () => {
        if (isOn) say({ ask: 'show', lesson: null, target: null, stage: 0 });
        else goTo(lesson, 0);
      });
      return item;
    }),
  );
}

/** @returns {Lesson | null} */
const lessonOn = () =>
  hello?.offer.lessons.find(({ id, target }) => id === scene.lesson && target === scene.target) ?? null;

/**
 * Shows a stage of a lesson, and runs what it is about.
 * @param {Lesson} lesson
 * @param {number} stage
 */
function goTo(lesson, stage) {
  say({ ask: 'show', lesson: lesson.id, target: lesson.target, stage });
  const runsFor = lesson.stages[stage]?.runs;
  if (runsFor && !isRunning())
    detonate({ ...runsFor, target: lesson.target, user: null, isStepping: chooser?.isStepping ?? false });
}

/** @param {import('../message.ts').Scene} next */
function showNewScene(next) {
  const isAnother = next.lesson !== scene.lesson || next.target !== scene.target;
  scene = next;
  showScene(isAnother);
}

/** @param {boolean} [isAnother] whether the lesson is another than before */
function showScene(isAnother = false) {
  const place = byId('lesson');
  const lesson = lessonOn();
  showLessons();
  // On a projector there is room for one of them.
  if (isAnother) byId('freely').toggleAttribute('open', !lesson);
  if (!lesson) {
    place.hidden = true;
    place.replaceChildren();
  } else {
    showLesson(place, lesson, scene.stage, hello?.role === 'trainer' ? (stage) => goTo(lesson, stage) : null);
  }
  showControls();
}

/** @param {Detonation} detonation */
function detonate(detonation) {
  refusal(null);
  say({ ask: 'detonate', ...detonation });
}

/** @param {Detonation} where */
function sit({ target, mitigation, user }) {
  refusal(null);
  say({ ask: 'terminal', target, mitigation, user, size: firstSize });
}

const isRunning = () => runs.get(shown)?.state === 'running';

/** @param {number} run */
function reset(run) {
  if (run === 0) runs.clear();
  shown = run;
  cases = new Map();
  views = new Map();
  judged = null;
  waiting = {};
  leftOut = 0;
  changed.clear();
  byId('cases').replaceChildren();
  byId('parting').hidden = true;
  byId('note').textContent = '';
}

function showRun() {
  const run = runs.get(shown);
  byId('happening').hidden = run === undefined;
  byId('run-count').textContent = `${runs.size}`;
  showRuns(byId('runs'), runs.values());
  if (!run) return;
  const { atomic, mitigation } = run.detonation;
  const what = run.isTerminal
    ? `A terminal${mitigation === null ? '' : ` under ${mitigation}`}`
    : `${atomic}${mitigation === null ? '' : `, without and with ${mitigation}`}`;
  byId('sentence').textContent = run.sentence ?? `${what}: under way…`;
  showControls();
}

/** What the trainer can do now. */
function showControls() {
  const place = byId('controls');
  const isTrainer = hello?.role === 'trainer';
  place.hidden = !isTrainer;
  if (!isTrainer) return;
  const lesson = lessonOn();
  const running = isRunning();
  chooser?.enable(!running);
  const held = earliestStage(Object.values(waiting));
  place.replaceChildren(
    ...[
      nextButton(lesson, running, held),
      running && held !== undefined && button('Go on to the end', () => say({ ask: 'release' })),
      running && button('Stop', () => say({ ask: 'stop' })),
      !running && shown > 0 && button('Again, in a new target', again),
    ].flatMap((each) => (each instanceof HTMLElement ? [each] : [])),
  );
}

/**
 * What space does.
 * @param {Lesson | null} lesson
 * @param {boolean} running
 * @param {string | undefined} held
 */
function nextButton(lesson, running, held) {
  if (running) {
    if (held === undefined) return el('span', { class: 'quiet' }, 'Running…');
    return primary(`Next stage: ${held}`, () => say({ ask: 'next' }));
  }
  if (!lesson) return false;
  const next = scene.stage + 1;
  const title = lesson.stages[next]?.title;
  return title === undefined
    ? el('span', { class: 'quiet' }, 'End of the lesson')
    : primary(`Next: ${title}`, () => goTo(lesson, next));
}

function again() {
  const last = runs.get(shown);
  if (last?.isTerminal) sit(last.detonation);
  else if (last) detonate({ ...last.detonation, isStepping: chooser?.isStepping ?? false });
}

/**
 * @param {string} text
 * @param {() => void} onClick
 */
function button(text, onClick) {
  const made = el('button', { type: 'button' }, text);
  made.addEventListener('click', onClick);
  return made;
}

/**
 * @param {string} text
 * @param {() => void} onClick
 */
function primary(text, onClick) {
  const made = button(text, onClick);
  made.id = 'next';
  made.className = 'go';
  append(made, [' ', el('kbd', {}, 'space')]);
  return made;
}

document.addEventListener('keydown', (event) => {
  const { target } = event;
  const isTyping =
    target instanceof HTMLElement && target.closest('input, select, textarea, button, summary, a, .xterm');
  if (event.key !== ' ' || isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  document.getElementById('next')?.click();
});

/** @param {string | null} text */
function refusal(text) {
  const place = byId('refusal');
  place.hidden = text === null;
  place.textContent = text ?? '';
}

function due() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(draw);
}

function draw() {
  isDue = false;
  const place = byId('cases');
  for (const id of changed) {
    const state = cases.get(id);
    if (!state || state.of === 'idle') continue;
    let view = views.get(id);
    if (!view) {
      view = new CaseView(hello?.offer.rules ?? {});
      views.set(id, view);
      place.append(view.element);
    }
    view.show(
      state,
      judged?.cases.find(({ record }) => record.id === id),
    );
  }
  changed.clear();
  place.className = views.size > 1 ? 'abreast-cases' : '';
  showParting();
  if (leftOut > 0)
    byId('note').textContent =
      `${leftOut} events came faster than this page could take them; the evidence has all of them.`;
}

function showParting() {
  const place = byId('parting');
  const known = [...cases.values()].filter(({ of }) => of !== 'idle');
  const without = known.find(({ mitigation }) => mitigation === null);
  const under = known.find(({ mitigation }) => mitigation !== null);
  place.hidden = !without || !under;
  if (!without || !under) return;
  const rows = compared(without, under);
  const [verdict] = judged?.mitigations ?? [];
  place.replaceChildren();
  append(place, [
    el(
      'table',
      { class: 'parting' },
      el('caption', { class: 'hidden-text' }, 'Stage by stage: without and with the hardening'),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ['Stage', 'Without', `Under ${under.mitigation}`].map((title) => el('th', { scope: 'col' }, title)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map(({ stage, without: one, under: other, parts }) =>
          el(
            'tr',
            { class: parts ? 'parts' : undefined },
            el(
              'th',
              { scope: 'row' },
              stage,
              parts && el('span', { class: 'badge odd' }, '⇄ here they part'),
            ),
            el('td', {}, one),
            el('td', {}, other),
          ),
        ),
      ),
    ),
    verdict && [
      el(
        'p',
        { class: 'sentence' },
        `${verdict.verdict}${verdict.stage === null ? '' : ` at ${verdict.stage}`}: ${verdict.reason}`,
      ),
      verdict.legitimate.length > 0 &&
        el(
          'ul',
          { class: 'uses' },
          verdict.legitimate.map(({ name, works, detail, documented }) =>
            el(
              'li',
              {},
              el(
                'span',
                { class: works ? 'badge good' : 'badge bad' },
                works ? '✓ still works' : '✗ no longer works',
              ),
              ` ${name}`,
              !works && el('span', { class: 'quiet' }, ` ${documented ?? detail}`),
            ),
          ),
        ),
      (verdict.bypasses ?? []).length > 0 &&
        el(
          'ul',
          { class: 'uses' },
          (verdict.bypasses ?? []).map(({ how, executed, detail }) =>
            el(
              'li',
              {},
              el('span', { class: 'badge odd' }, executed ? '↷ gets by' : '■ did not get by'),
              ` ${how} `,
              el('span', { class: 'quiet' }, detail),
            ),
          ),
        ),
    ],
  ]);
}
