// EQL as Elasticsearch speaks it: queries and Elastic's rule files in, rules out.

export { parseElasticToml } from './elastic/rule-file.ts';
export { parseEql } from './query-file.ts';
