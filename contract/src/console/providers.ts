import { z } from 'zod'
import { providersResponse, resumeRequest, stopRequest } from '../providers.ts'
import { changes, done, noQuery, reads } from './endpoint.ts'

// Provider accounts on the manager's screen, and the switch that can only forbid.

export const listProviders = reads('GET /console-api/providers', 'provider.read', {
  query: noQuery,
  answer: z.strictObject({ items: providersResponse.shape.items }),
})

export const stopProvider = changes('POST /console-api/providers/:name/stop', 'provider.stop', {
  body: stopRequest,
  answer: done,
})

export const resumeProvider = changes('POST /console-api/providers/:name/resume', 'provider.stop', {
  body: resumeRequest,
  answer: done,
})

export const PROVIDER_ENDPOINTS = [listProviders, stopProvider, resumeProvider] as const
