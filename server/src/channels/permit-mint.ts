import { Permit, type PermitFields } from './permit.ts'

/**
 * Makes a permit. Only `contact/mint-permit.ts` may import this file (checked), and it does so inside the
 * transaction that stores the gate's decision: a permit that no decision stands behind cannot exist.
 */
export function mintPermit(fields: PermitFields): Permit {
  const permit: Permit = Reflect.construct(Permit, [fields])
  return permit
}
