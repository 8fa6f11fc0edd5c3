import type { Capability } from '@dunlin/contract'
import { setProductClock } from '@dunlin/ui'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { type Answer, call, keyOf } from './client.ts'

export type Me = Answer<'GET /console-api/me'>

const CLOCK_MS = 60_000

/** Who is signed in. Read before any page, and again so that the clock stays true. */
export const meQuery = queryOptions({
  queryKey: keyOf('GET /console-api/me'),
  queryFn: async ({ signal }): Promise<Me> => {
    const me = await call('GET /console-api/me', { signal })
    setProductClock(me.clock.now, me.clock.rate)
    return me
  },
  staleTime: CLOCK_MS,
  refetchInterval: CLOCK_MS,
  retry: false,
})

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** Whether somebody may, and if not, why: the reason is shown where the control is disabled. */
export type May = { readonly can: true } | { readonly can: false; readonly needs: Capability }

export function useMay(needs: Capability): May {
  const { capabilities } = useMe()
  return capabilities.includes(needs) ? { can: true } : { can: false, needs }
}
