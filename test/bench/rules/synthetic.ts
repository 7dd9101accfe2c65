// A thousand rules of the shape that detection rules have, when the real ones are too few to show how cost grows.

import { loadRules, type Rule } from '../../../harness/rules/index.ts';

/** Sigma rules over process creation: a program, some fragments of a command line, an exclusion. */
export function syntheticRules(count: number): readonly Rule[] {
  const texts = Array.from({ length: count }, (_, index) => ({
    file: `synthetic-${index}.yml`,
    text: ruleText(index),
  }));
  return loadRules(texts).rules;
}

const programs =
  'bash sh python3 perl curl wget nc socat tar find awk ssh scp chmod chown crontab at base64 dd systemctl'.split(
    ' ',
  );

const ruleText = (index: number): string => `
title: Synthetic ${index}
logsource: { product: linux, category: process_creation }
detection:
  selection_program:
    Image|endswith:
      - '/${programs[index % programs.length]}'
      - '/tool${index}'
  selection_command:
    CommandLine|contains:
      - ' --flag-${index} '
      - '/opt/vendor${index % 97}/payload'
      - 'secret${index}='
  selection_other:
    CommandLine|contains|all: [' -x${index % 13}', 'stage${index}']
  filter:
    ParentImage|endswith: '/installer${index % 31}'
  condition: selection_program and 1 of selection_* and not filter and (selection_command or selection_other)
`;
