import type { ConsoleEndpoints } from '@dunlin/contract'
import { type AnswerOf, createClient, type Given, type ProblemError } from '@dunlin/ui'
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'

/** The one way to the server: `call('GET /console-api/cases', { query: { stage: 'S1' } })`. */
export const call = createClient<ConsoleEndpoints>()

export type EndpointName = keyof ConsoleEndpoints & string
export type Answer<Key extends EndpointName> = AnswerOf<ConsoleEndpoints[Key]>
export type Asked<Key extends EndpointName> = Given<ConsoleEndpoints[Key]>

/** What a read is kept under: all reads of an address begin alike. */
export function keyOf<Key extends EndpointName>(key: Key, given?: Asked<Key>): readonly unknown[] {
  return given === undefined ? [key] : [key, given.params ?? {}, given.query ?? {}]
}

/** Reads an address and keeps what it answered; `live` reads again by itself. */
export function useAnswer<Key extends EndpointName>(
  key: Key,
  given: Asked<Key>,
  options: { readonly isWanted?: boolean; readonly everyMs?: number } = {},
): UseQueryResult<Answer<Key>, ProblemError> {
  return useQuery<Answer<Key>, ProblemError>({
    queryKey: keyOf(key, given),
    queryFn: ({ signal }) => call(key, { ...given, signal }),
    enabled: options.isWanted ?? true,
    placeholderData: keepPreviousData,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
  })
}

/** Changes something, then reads again what the change touches. */
export function useChange<Key extends EndpointName>(
  key: Key,
  touches: readonly EndpointName[] = [],
): UseMutationResult<Answer<Key>, ProblemError, Asked<Key>> {
  const queries = useQueryClient()
  return useMutation<Answer<Key>, ProblemError, Asked<Key>>({
    mutationFn: (given) => call(key, given),
    onSuccess: () =>
      Promise.all(touches.map((each) => queries.invalidateQueries({ queryKey: [each] }))),
  })
}
