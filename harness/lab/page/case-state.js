// What is known of a case so far, made from what its run says: pure, so that it can be tested without a browser.

/** @typedef {import('../../model/run-event.ts').RunEvent} RunEvent */
/** @typedef {import('../../model/run-record.ts').Step} Step */
/** @typedef {import('../../model/run-record.ts').Proof} Proof */
/** @typedef {import('../../model/event.ts').EcsEvent} EcsEvent */
/** @typedef {import('../../model/event.ts').ProcessFields} ProcessFields */
/** @typedef {import('../../model/traces.ts').TestReading} TestReading */
/**
 * What is said of one kind.
 * @template {RunEvent['kind']} Kind
 * @typedef {Extract<RunEvent, { kind: Kind }>} Said
 */

/**
 * Something that happened, for the time line.
 * @typedef {{ at: string, lane: string, text: string, event?: EcsEvent }} Moment
 */

/**
 * @typedef {object} LiveProcess
 * @property {string} id
 * @property {string | null} parent
 * @property {number} pid
 * @property {string} commandLine
 * @property {string} user
 * @property {string} at
 * @property {number | null} exitCode
 * @property {string | null} endedAt
 * @property {Exclude<Said<'event'>['role'], 'runner' | 'attack' | 'log'> | undefined} part
 */

/**
 * @typedef {object} CaseState
 * @property {string} id
 * @property {'attack' | 'benign' | 'idle'} of
 * @property {string} title
 * @property {string} user
 * @property {string} target
 * @property {string | null} mitigation
 * @property {string | null} stage what it does now
 * @property {string | null} next what it is about to do, and waits for
 * @property {string | null} sentence what that is, in words
 * @property {string | null} startedAt when the attack began
 * @property {readonly string[]} stages those that it has begun, in order
 * @property {Moment[]} moments
 * @property {number} unshown moments beyond those that are kept
 * @property {Step[]} steps
 * @property {Map<string, LiveProcess>} processes
 * @property {Map<string, { path: string, action: string, at: string }>} artifacts
 * @property {Map<string, { at: string, count: number, because: readonly TestReading[] }>} rules
 * @property {Proof | null} proof
 * @property {string | null} observation
 * @property {string | null} verdict
 * @property {readonly string[]} reasons
 */

/** More than a screen can show, and a flood has more than that. */
export const keptMoments = 400;
const keptProcesses = 300;
const keptArtifacts = 100;

/** @typedef {Map<string, CaseState>} CaseStates */

/**
 * Takes in what a run says next.
 * @param {CaseStates} cases
 * @param {RunEvent} fact
 * @returns {CaseState | null} the case that is another now; null where it concerns none
 */
export function take(cases, fact) {
  if (fact.kind === 'case-planned') {
    const state = newCase(fact);
    cases.set(state.id, state);
    return state;
  }
  const state = 'case' in fact ? cases.get(fact.case) : undefined;
  if (!state) return null;
  switch (fact.kind) {
    case 'stage':
      state.sentence = fact.sentence;
      state.next = fact.stage;
      return state;
    case 'step-started':
      // Of a terminal, which may be open for an hour.
      if (fact.role === 'attack') state.startedAt = fact.at;
      return state;
    case 'event':
      takeEvent(state, fact);
      return state;
    case 'withdrawn':
      state.rules.delete(fact.rule);
      return state;
    case 'phase':
      state.next = null;
      state.stage = fact.phase;
      if (!state.stages.includes(fact.phase)) state.stages = [...state.stages, fact.phase];
      return state;
    case 'step':
      state.steps.push(fact);
      if (fact.role === 'attack') state.startedAt = fact.startedAt;
      addMoment(state, {
        at: fact.startedAt,
        lane: fact.role === 'attack' ? 'command' : fact.role,
        text: fact.command.trim(),
      });
      return state;
    case 'launched':
      if (fact.of === 'attack') state.proof = fact.proof;
      addMoment(state, {
        at: fact.at,
        lane: 'launched',
        text: `${fact.proof.scheduler}: ${fact.proof.commandLine}`,
      });
      return state;
    case 'matched':
      addMatch(state, fact);
      return state;
    case 'case-finished':
      state.next = null;
      state.sentence = null;
      state.observation = fact.observation;
      state.stage = 'finished';
      return state;
    case 'case-judged':
      state.verdict = fact.verdict;
      state.reasons = fact.reasons;
      state.stage = 'judged';
      return state;
    default:
      return null;
  }
}

/**
 * @param {Said<'case-planned'>} fact
 * @returns {CaseState}
 */
const newCase = ({ case: id, of, title, user, target, mitigation }) => ({
  id,
  of,
  title,
  user,
  target,
  mitigation,
  stage: null,
  next: null,
  sentence: null,
  startedAt: null,
  stages: [],
  moments: [],
  unshown: 0,
  steps: [],
  processes: new Map(),
  artifacts: new Map(),
  rules: new Map(),
  proof: null,
  observation: null,
  verdict: null,
  reasons: [],
});

/**
 * @param {CaseState} state
 * @param {Said<'matched'>} fact
 */
function addMatch(state, { rule, eventIds, at, because = [] }) {
  const known = state.rules.get(rule);
  state.rules.set(rule, {
    at: known?.at ?? at,
    count: (known?.count ?? 0) + eventIds.length,
    because: known?.because ?? because,
  });
  if (!known) addMoment(state, { at, lane: 'rule', text: rule });
}

/**
 * Keeps the order of times: what a scheduler launched is known late.
 * @param {CaseState} state
 * @param {Moment} moment
 */
function addMoment(state, moment) {
  const { moments } = state;
  const isMany = moment.event !== undefined;
  if (isMany && moments.length >= keptMoments) {
    state.unshown += 1;
    return;
  }
  let at = moments.length;
  while (at > 0 && /** @type {Moment} */ (moments[at - 1]).at > moment.at) at -= 1;
  moments.splice(at, 0, moment);
}

/**
 * Takes in an event of the attack.
 * @param {CaseState} state
 * @param {Said<'event'>} told
 */
function takeEvent(state, { event, sentence, role }) {
  addMoment(state, { at: event['@timestamp'], lane: role, text: sentence, event });
  const { process, file } = event;
  if (process && event.event.category.includes('process')) addProcess(state, process, event, role);
  if (file?.path !== undefined && isWriting(event)) addArtifact(state, file.path, event);
}

/** @param {EcsEvent} event */
const isWriting = ({ event: { category, type } }) =>
  category.includes('file') && type.some((each) => ['creation', 'change', 'deletion'].includes(each));

/**
 * @param {CaseState} state
 * @param {string} path
 * @param {EcsEvent} event
 */
function addArtifact({ artifacts }, path, event) {
  if (artifacts.size >= keptArtifacts && !artifacts.has(path)) return;
  artifacts.set(path, { path, action: event.event.action, at: event['@timestamp'] });
}

/**
 * @param {CaseState} state
 * @param {ProcessFields} process
 * @param {EcsEvent} event
 * @param {Said<'event'>['role']} role
 */
function addProcess({ processes }, process, event, role) {
  const known = processes.get(process.entity_id);
  if (!known && processes.size >= keptProcesses) return;
  const isEnd = event.event.type.includes('end');
  const part = role === 'scheduler' || role === 'job' || role === 'payload' ? role : known?.part;
  processes.set(process.entity_id, {
    id: process.entity_id,
    parent: process.parent?.entity_id ?? known?.parent ?? null,
    pid: process.pid,
    commandLine: process.command_line ?? process.executable ?? known?.commandLine ?? process.name ?? '',
    user: process.user?.name ?? known?.user ?? '',
    at: known?.at ?? event['@timestamp'],
    exitCode: process.exit_code ?? known?.exitCode ?? null,
    endedAt: isEnd ? event['@timestamp'] : (known?.endedAt ?? null),
    part,
  });
}
