import type { Speech } from './robot-talk.ts'

export type MrcpSettings = {
  readonly tts: { readonly engine: string; readonly voices: Readonly<Record<string, string>> }
  readonly asr: { readonly engine: string; readonly grammar: string } | null
}

/**
 * Speech by the engines that FreeSWITCH was given (mod_unimrcp, mod_flite or another of its kind): `speak` takes
 * `engine|voice|text`, `detect_speech` takes `engine grammar`, and results are NLSML (RFC 6787, section 6.3) or text.
 */
export function mrcpSpeech({ tts, asr }: MrcpSettings): Speech {
  return {
    speakArgument: (text, language) => {
      const voice = tts.voices[language] ?? tts.voices['zh-CN'] ?? ''
      // The bar ends an argument and a line break the command.
      return `${tts.engine}|${voice}|${text.replaceAll('|', ' ').replace(/\s+/g, ' ').trim()}`
    },
    detectArgument: () => (asr === null ? null : `${asr.engine} ${asr.grammar}`),
    wordsOf,
  }
}

const INPUT = /<input[^>]*>([^<]*)<\/input>/

function wordsOf(body: string): string | null {
  const words = body.includes('<') ? (INPUT.exec(body)?.[1] ?? '') : body
  const text = words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim()
  return text === '' ? null : text
}
