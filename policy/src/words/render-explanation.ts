import { parseInstant, required, zoneNamed } from '@dunlin/kernel'
import type { Reason } from '../verdict.ts'
import { type Considered, type Explanation, type LocalMoment, localMoments } from './explain.ts'
import type { Change } from './what-would-change.ts'
import { type Language, wordIn } from './words.ts'

export type RenderOptions = {
  readonly language: Language
  /** For a decision that was made: its number, and whether deciding again gives the stored answer. */
  readonly decision?: { readonly id: string; readonly isSame: boolean; readonly policyHash: string }
  /** Where the same page is in each language. */
  readonly languages?: Readonly<Record<Language, string>>
}

type Say = (zh: string, en: string) => string

/**
 * The explanation as one page that needs nothing else: no script, no font, no picture. What the gate was
 * asked, what it said, why with sources, what would change it, and every rule that it considered.
 */
export function renderExplanation(explanation: Explanation, options: RenderOptions): string {
  const { language } = options
  const say: Say = (zh, en) => (language === 'zh' ? zh : en)
  const { verdict } = explanation
  const title = say('为什么能或不能联系', 'Why this contact may or may not be made')
  return `<!doctype html>
<html lang="${say('zh-CN', 'en')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${languagesOf(options)}
<h1>${safe(title)}</h1>
<p class="answer ${verdict.verdict}"><strong>${safe(wordIn(verdict.verdict, language))}</strong> ${answerOf(explanation, say)}</p>
${askedOf(explanation, options, say)}
${reasonsOf(explanation, language, say)}
${changesOf(explanation, language, say)}
${dutiesOf(explanation, language, say)}
${rulesOf(explanation.considered, language, say)}
<p class="foot">${safe(say('规则按其出处执行；“依二手资料”者，起草人未读原文。本页由决定时的事实与规则重新算出。', 'Rules are applied as their sources say; of those known at second hand the original was not read. This page is computed again from the facts and the rules of the decision.'))}</p>
</main>
</body>
</html>
`
}

function languagesOf({ language, languages }: RenderOptions): string {
  if (languages === undefined) return ''
  const names = { zh: '中文', en: 'English' } as const
  const links = (['zh', 'en'] as const).map((each) =>
    each === language
      ? `<b aria-current="page">${names[each]}</b>`
      : `<a href="${safe(languages[each])}" hreflang="${each}">${names[each]}</a>`,
  )
  return `<nav>${links.join(' · ')}</nav>`
}

function answerOf({ verdict, untilLocal }: Explanation, say: Say): string {
  switch (verdict.verdict) {
    case 'permit':
      return safe(say('此时可以联系。', 'The contact may be made at this moment.'))
    case 'defer':
      return `${safe(say('此时不可联系。最早合法时刻：', 'Not at this moment. The earliest lawful moment is '))}${momentsOf(untilLocal)}`
    case 'refuse':
      return safe(
        say(
          '不可联系，等待也不会改变。',
          'The contact may not be made, and waiting does not change that.',
        ),
      )
  }
}

function momentsOf(moments: readonly LocalMoment[]): string {
  return moments.map(({ zone, time }) => `<b>${safe(time)}</b> ${safe(zone)}`).join(' · ')
}

function askedOf(
  { asked, packs }: Explanation,
  { language, decision }: RenderOptions,
  say: Say,
): string {
  const rows: [string, string][] = [
    [say('时刻', 'Moment'), asked.local.length === 0 ? safe(asked.at) : momentsOf(asked.local)],
    [say('方式', 'Channel'), safe(wordIn(asked.channel, language))],
    [say('对象', 'Person'), safe(wordIn(asked.relation ?? 'unknown', language))],
    [say('目的', 'Purpose'), safe(wordIn(asked.purpose, language))],
    [
      say('由谁', 'By whom'),
      safe(`${wordIn(asked.actor, language)} · ${wordIn(asked.direction, language)}`),
    ],
    [say('规则包', 'Rules in force'), safe(packs.join(', '))],
  ]
  if (decision !== undefined) {
    const { id, isSame, policyHash } = decision
    const again = isSame
      ? say('重新计算，结果与存证一致', 'decided again: the same answer as stored')
      : say('重新计算，结果与存证不一致', 'decided again: NOT the answer that was stored')
    rows.push([
      say('决定编号', 'Decision'),
      `${safe(id)} · ${safe(again)}<br><code>${safe(policyHash)}</code>`,
    ])
  }
  const cells = rows.map(([name, value]) => `<dt>${safe(name)}</dt><dd>${value}</dd>`).join('\n')
  return `<section><h2>${safe(say('问了什么', 'What was asked'))}</h2>\n<dl>\n${cells}\n</dl></section>`
}

function reasonsOf({ verdict, considered }: Explanation, language: Language, say: Say): string {
  const reasons = verdict.verdict === 'permit' ? [] : verdict.reasons
  const shown = [...reasons, ...verdict.advice]
  if (shown.length === 0) return ''
  const says = new Map(considered.map((rule) => [rule.rule, rule.says[language]]))
  const items = shown.map((reason) => reasonOf(reason, says.get(reason.rule), { language, say }))
  return `<section><h2>${safe(say('为什么', 'Why'))}</h2>\n<ol class="reasons">\n${items.join('\n')}\n</ol></section>`
}

function reasonOf(
  { title, rule, field, figures, cite, severity, clears }: Reason,
  says: string | undefined,
  { language, say }: { language: Language; say: Say },
): string {
  const counted =
    figures === undefined
      ? ''
      : `<p class="figures">${safe(say(`已用 ${figures.used}，上限 ${figures.of}`, `${figures.used} used, of at most ${figures.of}`))}</p>`
  const missing =
    field === undefined
      ? ''
      : `<p class="figures">${safe(say('缺少：', 'missing: '))}<code>${safe(field)}</code></p>`
  return `<li><h3>${safe(title[language])}</h3>
${says === undefined ? '' : `<p>${safe(says)}</p>`}${counted}${missing}
<p class="source">${safe(cite.instrument)} — ${safe(wordIn(cite.basis, language))}${cite.note === undefined ? '' : ` (${safe(cite.note)})`}</p>
<p class="small">${safe(say('效力：', 'force: '))}${safe(wordIn(severity, language))} · ${safe(CLEARS[clears][language])} · <code>${safe(rule)}</code></p></li>`
}

const CLEARS: Readonly<Record<Reason['clears'], { zh: string; en: string }>> = {
  time: { zh: '时间过去即可解除', en: 'cleared by time' },
  'hold-ends': { zh: '停催结束即可解除', en: 'cleared when the hold ends' },
  fact: { zh: '补充或更正事实即可解除', en: 'cleared by a fact' },
  'other-party': { zh: '换联系对象', en: 'cleared by contacting another person' },
  'other-point': { zh: '换联系方式', en: 'cleared by another contact point' },
  'other-actor': { zh: '换执行人员', en: 'cleared by another actor' },
  'other-content': { zh: '换内容', en: 'cleared by other words' },
  never: { zh: '不可解除', en: 'cleared by nothing' },
}

function changesOf({ changes, asked }: Explanation, language: Language, say: Say): string {
  if (changes.length === 0) return ''
  const rows = changes.map((change) => {
    const answer = answerIn(change, { asked, language, say })
    return `<tr class="${change.leadsTo}"><td>${safe(change.what[language])}</td><td>${safe(answer)}</td></tr>`
  })
  const head = `<tr><th>${safe(say('如果', 'If this were different'))}</th><th>${safe(say('答案是', 'the answer would be'))}</th></tr>`
  return `<section><h2>${safe(say('什么会改变答案', 'What would change the answer'))}</h2>
<p class="small">${safe(say('每一项都单独试算，其余事实不变。', 'Each was tried by itself, everything else as it was.'))}</p>
<table><thead>${head}</thead><tbody>
${rows.join('\n')}
</tbody></table></section>`
}

/** With the moment as the walls of the person's first zone show it. */
function answerIn(
  { leadsTo, until }: Change,
  { asked, language, say }: { asked: Explanation['asked']; language: Language; say: Say },
): string {
  if (leadsTo === 'unknown') return say('需重新询问', 'ask again')
  const word = wordIn(leadsTo, language)
  const [first] = asked.local
  if (until === null || first === undefined) return word
  const zone = required(zoneNamed(first.zone), first.zone)
  const [moment] = localMoments([zone], required(parseInstant(until), until))
  const time = `${moment?.time ?? until} ${first.zone}`
  return leadsTo === 'permit'
    ? say(`${time} 起${word}`, `${word} from ${time}`)
    : say(`${word}至 ${time}`, `${word} until ${time}`)
}

function dutiesOf({ verdict }: Explanation, language: Language, say: Say): string {
  if (verdict.verdict !== 'permit') return ''
  const duties = verdict.duties.map(
    ({ title, cite }) =>
      `<li>${safe(title[language])} <span class="source">${safe(cite.instrument)}</span></li>`,
  )
  const counters = verdict.counters.map(
    ({ rule, used, of }) =>
      `<li>${safe(say(`${rule}：已用 ${used}，上限 ${of}`, `${rule}: ${used} used, of at most ${of}`))}</li>`,
  )
  const part = (title: string, items: readonly string[]) =>
    items.length === 0
      ? ''
      : `<section><h2>${safe(title)}</h2><ul>${items.join('\n')}</ul></section>`
  return `${part(say('随之而来的义务', 'Duties that come with it'), duties)}
${part(say('计数', 'Counts'), counters)}`
}

const STATES = ['broken', 'lifted', 'holds', 'not-concerned'] as const
const STATE_WORDS: Readonly<Record<Considered['state'], { zh: string; en: string }>> = {
  broken: { zh: '违反', en: 'Broken' },
  lifted: { zh: '本会违反，但已被解除', en: 'Would be broken, but is lifted' },
  holds: { zh: '符合', en: 'Kept' },
  'not-concerned': { zh: '与此次联系无关', en: 'Not about this contact' },
}

function rulesOf(considered: readonly Considered[], language: Language, say: Say): string {
  if (considered.length === 0) return ''
  const groups = STATES.flatMap((state) => {
    const rules = considered.filter((rule) => rule.state === state)
    if (rules.length === 0) return []
    const items = rules.map((rule) => ruleOf(rule, language))
    const open = state === 'broken' || state === 'lifted' ? ' open' : ''
    return `<details${open}><summary>${safe(STATE_WORDS[state][language])} (${rules.length})</summary><ul class="rules">${items.join('\n')}</ul></details>`
  })
  return `<section><h2>${safe(say('考虑过的全部规则', 'Every rule considered'))}</h2>\n${groups.join('\n')}</section>`
}

function ruleOf({ rule, title, says, cite, figures }: Considered, language: Language): string {
  const counted = figures === undefined ? '' : ` <b>${figures.used}/${figures.of}</b>`
  return `<li><b>${safe(title[language])}</b>${counted}<br>${safe(says[language])}
<br><span class="source">${safe(cite.instrument)} — ${safe(wordIn(cite.basis, language))}</span> <code>${safe(rule)}</code></li>`
}

function safe(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const STYLE = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;font:16px/1.55 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;background:Canvas;color:CanvasText}
main{max-width:52rem;margin:0 auto;padding:1.25rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0}
p{margin:.25rem 0}
.answer{border-left:.4rem solid;padding:.75rem 1rem;font-size:1.05rem;background:color-mix(in srgb,currentColor 6%,transparent)}
.answer.permit{border-color:#1a7f4b}.answer.defer{border-color:#b7791f}.answer.refuse{border-color:#c0392b}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.3rem 1rem;margin:0}
dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}
.reasons{padding-left:1.4rem}.reasons li{margin:0 0 1.1rem}
.figures{font-weight:600}
.source{font-style:italic;opacity:.85}
.small,.foot{font-size:.85rem;opacity:.8}
code{font-size:.8rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);overflow-wrap:anywhere}
tr.permit td:last-child{font-weight:700}
details{border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);padding:.4rem 0}
summary{cursor:pointer;font-weight:600}
.rules{padding-left:1.2rem}.rules li{margin:.6rem 0}
.foot{margin-top:2.5rem}
nav{text-align:right;font-size:.9rem}
.reasons li,.rules li,tr{break-inside:avoid}
@media print{nav{display:none}body{font-size:11pt}main{max-width:none;padding:0}details::details-content{content-visibility:visible;display:block;height:auto}}
`
