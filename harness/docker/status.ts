// The engine's HTTP status in an error of dockerode's: 404 no such container, 409 not running (or already going).

export const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;

/** Whether the error says that the container has ended. */
export const saysGone = (error: unknown): boolean =>
  statusOf(error) === 404 ||
  statusOf(error) === 409 ||
  // A container that ends at this moment gives a 500 with the reason in its text.
  (statusOf(error) === 500 &&
    error instanceof Error &&
    /is not running|RWLayer of container \w+ is unexpectedly nil/.test(error.message));
