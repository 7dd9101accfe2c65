// Property tests ask the same questions of the same tree, so that a run that fails is a change that broke something.
// SEED=random asks new ones, SEED=<number> those of a seed that a failure named.
import fc from 'fast-check';

const { SEED = '1' } = process.env;
if (SEED !== 'random') fc.configureGlobal({ seed: Number(SEED) });
