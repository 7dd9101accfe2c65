// EQL as Elasticsearch speaks it: queries and Elastic's rule files in, rules out.

export { parseElasticExport } from './elastic/rule-export.ts';
export { parseElasticToml } from './elastic/rule-file.ts';
export { parseEql } from './query-file.ts';
