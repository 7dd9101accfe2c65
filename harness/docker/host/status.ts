// The engine's HTTP status in an error of dockerode's: 404 no such container, 409 not running (or already going).

export const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;

/** For what was asked of a container that has been removed meanwhile. */
export function ignoreMissing(error: unknown): void {
  if (statusOf(error) !== 404) throw error;
}
