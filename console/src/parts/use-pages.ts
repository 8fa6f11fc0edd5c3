import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useCallback } from 'react'

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null }

export type Pages<Item> = {
  readonly items: readonly Item[]
  readonly error: Error | null
  readonly isFetching: boolean
  readonly more: () => void
  readonly again: () => void
}

const FIRST = ''

/** A list that is read page by page as its end comes into sight. */
export function usePages<Item>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
  { everyMs }: { everyMs?: number | undefined } = {},
): Pages<Item> {
  const found = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam === FIRST ? undefined : pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  })
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = found
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const again = useCallback(() => void refetch(), [refetch])
  const items = data?.pages.flatMap((page) => page.items) ?? []
  return { items, error, isFetching, more, again }
}
