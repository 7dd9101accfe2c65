export function parseElasticToml() {}
