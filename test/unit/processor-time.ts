// How much work something is, whatever else the machine does meanwhile.

/** Milliseconds of processor time that this process spends on it. */
export function processorMs(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
