// The page's script out of its modules: names of one are nothing to another.

import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { clientScript, scriptOf } from '../../../harness/report/html/client.ts';

describe('the script of the page', () => {
  it('keeps apart what two modules call by the same name, whatever kind of thing it is', () => {
    const told: string[] = [];
    const script = scriptOf([
      { name: 'first-one', text: `const name = 'first';\nexport const say = () => name;\nclass Row {}\n` },
      {
        name: 'second',
        text: `const name = 'second';\nexport function said() {\n  return name;\n}\nfunction Row() {}\n`,
      },
      {
        name: 'main',
        text: `import { say } from './first-one.js';\nimport {\n  said,\n} from './second.js';\n\nlet name = 'main';\ntell(say(), said(), name);\n`,
      },
    ]);
    runInNewContext(script, { tell: (...words: string[]) => told.push(...words) });
    expect(told).toEqual(['first', 'second', 'main']);
  });

  it('has no import and no export left, which only a module may have', () => {
    expect(clientScript()).not.toMatch(/^\s*(?:import|export)\b/m);
  });
});
