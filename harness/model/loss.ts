// How many records a sensor lost, and what that makes of a case.

import { z } from 'zod';

/** `unknown`: the sensor has no way to tell. */
export const lossSchema = z.union([z.int(), z.literal('unknown')]);
export type Loss = z.infer<typeof lossSchema>;

/** Per sensor: events that came, and records that did not. */
export const perSensorSchema = z.record(z.string(), z.strictObject({ events: z.int(), lost: lossSchema }));
export type PerSensor = z.infer<typeof perSensorSchema>;

/** Of a case whose sensors lost something, nobody can say what it did not show. */
export const lossFaultCode = 'sensor/lost-events';

/** One fault for each sensor that is known to have lost something. */
export const lossFaults = (perSensor: PerSensor): { code: string; message: string }[] =>
  Object.entries(perSensor).flatMap(([sensor, { lost }]) =>
    lost === 0 || lost === 'unknown'
      ? []
      : [
          {
            code: lossFaultCode,
            message: `the ${sensor} sensor lost ${lost} events: what this case shows is incomplete`,
          },
        ],
  );

/** All that is known to be lost. */
export const knownLoss = (perSensor: PerSensor): number =>
  Object.values(perSensor).reduce((sum, { lost }) => sum + (lost === 'unknown' ? 0 : lost), 0);
