import { ProblemError } from '@dunlin/ui'
import { QueryCache, QueryClient } from '@tanstack/react-query'

const TRIES = 2
const STALE_MS = 5_000
const OURS = 500

/** A session that ended leads to the sign-in, wherever it is noticed, and back. */
export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (!(error instanceof ProblemError) || error.code !== 'auth.missing') return
      if (location.pathname === '/sign-in') return
      location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      retry: (count, error) =>
        count < TRIES && !(error instanceof ProblemError && error.status < OURS),
    },
  },
})
