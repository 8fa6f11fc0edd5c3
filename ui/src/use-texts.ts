import { useTranslation } from 'react-i18next'
import { addTexts, type Texts } from './texts.ts'

export type Say<Keys extends string> = (
  key: Keys,
  values?: Readonly<Record<string, string | number>>,
) => string

/** Words of an area with their keys checked: `const useWork = textsOf('work', WORK)`, then `const say = useWork()`. */
export function textsOf<Keys extends string>(area: string, texts: Texts<Keys>): () => Say<Keys> {
  let isAdded = false
  return () => {
    if (!isAdded) {
      addTexts(area, texts)
      isAdded = true
    }
    const { t } = useTranslation(area)
    return (key, values) => {
      const name: string = key
      return t(name, { defaultValue: name, ...values })
    }
  }
}
