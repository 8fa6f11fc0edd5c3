import type { Scene } from './scene.ts'
import { isVoice } from './vocabulary.ts'

// The limited-content message of 12 CFR 1006.2(j), as a grammar of whole sentences (RULES.md section 10).

const BARRED =
  /\b(debts?|collect(ion|ions|or|ors|ing)?|owe[sd]?|loans?|credit|payments?|balance|past due|overdue|receivables?|account|financ(e|ial)|law|legal|important|urgent)\b/i
const TELEPHONE = /\b(1[-. ])?\(?[0-9]{3}\)?[-. ][0-9]{3}[-. ][0-9]{4}\b/
const PERSON =
  /\b([Tt]his is|[Mm]y name is|[Cc]ontact|[Cc]all|[Aa]sk for) (me or )?[A-Z][a-z]+ [A-Z][a-z]+/
const BUSINESS = /\b(from|with) [A-Z]/
const REPLY = /^(please|you (can|may)) (contact|call|reply to|phone|reach) .+$/i
const SENTENCES = [
  /^((hi|hello|good (morning|afternoon|evening)),? )?(this is|my name is) .+ (from|with) .+$/i,
  /^(hi|hello|good (morning|afternoon|evening))$/i,
  /^it is .*([0-9]{1,2}(:[0-9]{2})? ?(am|pm)|mon|tue|wed|thu|fri|sat|sun).*$/i,
  REPLY,
  /^(you may (also )?(speak|talk) (to|with) )?any of our (representatives|associates)( can help you)?$/i,
]

/** In English, by voice, to a consumer, and nothing but what the grammar allows. */
export function isLimitedContent(scene: Scene): boolean {
  const { text, language } = scene.intent.content ?? {}
  const relation = scene.party?.relation
  const isConsumer = scene.isObligor || relation === 'spouse' || relation === 'executor'
  if (!isVoice(scene.channel) || !isConsumer) return false
  return text === undefined || (language === 'en' && passesGrammar(text))
}

function passesGrammar(text: string): boolean {
  if (BARRED.test(text) || ![TELEPHONE, PERSON, BUSINESS].every((part) => part.test(text)))
    return false
  const sentences = sentencesOf(text)
  return (
    sentences.every((sentence) => SENTENCES.some((form) => form.test(sentence))) &&
    sentences.some((sentence) => REPLY.test(sentence))
  )
}

function sentencesOf(text: string): string[] {
  return text
    .replace(/\b([ap])\.m\./gi, '$1m')
    .replace(/\b(Inc|Corp|Co|Ltd|LLC)\.(?! +[A-Z])(?!\s*$)/g, '$1')
    .split(/[.!?](?=\s|$)/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}
