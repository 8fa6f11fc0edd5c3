import { z } from 'zod'
import { type Capability, isCapability, ROLES } from './roles.ts'

export const roleSchema = z.enum(ROLES)
export const capabilitySchema = z.custom<Capability>(
  (value) => typeof value === 'string' && isCapability(value),
)
