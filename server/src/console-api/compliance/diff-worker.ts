import { parentPort, workerData } from 'node:worker_threads'
import { diffPolicies, parsePack } from '@dunlin/policy'
import { z } from 'zod'
import { compileLayers } from '../../platform/packs.ts'
import { shippedCases } from '../../platform/policy-cases.ts'

// A thread of its own: to look for witnesses takes up to a second, and agents wait on the other one.

const packs = z.array(z.unknown())
const { first, second } = z.object({ first: packs, second: packs }).parse(workerData)

parentPort?.postMessage(
  diffPolicies(
    compileLayers(first.map(parsePack)),
    compileLayers(second.map(parsePack)),
    shippedCases(),
  ),
)
