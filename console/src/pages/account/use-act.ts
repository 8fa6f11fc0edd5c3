import { useMutation, useQueryClient } from '@tanstack/react-query'

/** Does something about the account, then reads again what the page shows of it. */
export function useAct<Given = void, Made = unknown>(act: (given: Given) => Promise<Made>) {
  const queries = useQueryClient()
  return useMutation<Made, Error, Given>({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['account'] }),
  })
}
