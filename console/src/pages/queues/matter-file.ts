import type { Answer } from '../../api/client.ts'

export type MatterFile = Answer<'GET /console-api/matters/:matterId'>

/** What is read again when a matter changes. */
export const TOUCHES = ['GET /console-api/matters/:matterId', 'GET /console-api/matters'] as const
