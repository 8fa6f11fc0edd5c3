import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** The words of one area in both languages: what one has the other must have. */
export type Texts<Keys extends string = string> = {
  readonly zh: Readonly<Record<Keys, string>>
  readonly en: Readonly<Record<Keys, string>>
}

const STORED = 'dunlin.language'

/** One translator for the page; areas bring their words with `addTexts` when their code is loaded. */
export function startTexts(): i18n {
  i18next.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: 'zh-CN',
    resources: {},
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
    keySeparator: false,
    nsSeparator: false,
  })
  noteLanguage()
  i18next.on('languageChanged', noteLanguage)
  return i18next
}

/** Adds an area's words; `keep` them in a constant of the area, so that its keys are checked. */
export function addTexts<Keys extends string>(area: string, texts: Texts<Keys>): void {
  i18next.addResourceBundle('zh-CN', area, texts.zh)
  i18next.addResourceBundle('en', area, texts.en)
}

export function changeLanguage(language: Language): void {
  localStorage.setItem(STORED, language)
  void i18next.changeLanguage(language)
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'zh-CN'
}

function noteLanguage(): void {
  document.documentElement.lang = currentLanguage()
}

/** The address may name it (for a link, or for a picture), else what was chosen here before, else Chinese. */
function firstLanguage(): Language {
  const named = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(STORED)
  return named === 'en' ? 'en' : 'zh-CN'
}
