// The id of an image, if the engine has it.

import type Docker from 'dockerode';
import { statusOf } from '../host/status.ts';

export async function imageId(docker: Docker, reference: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(reference).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
