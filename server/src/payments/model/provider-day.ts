import { formatLocalDate, type Instant, localDay, required, zoneNamed } from '@dunlin/kernel'

const ZONE = 'Asia/Shanghai'

/** WeChat Pay's own day of an instant, on whose bill it stands: it keeps Chinese time. */
export function providerDay(at: Instant): string {
  return formatLocalDate(localDay(required(zoneNamed(ZONE), ZONE), at))
}
