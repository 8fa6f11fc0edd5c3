import type { Ladder, LadderStep } from '@dunlin/contract'
import { currentLanguage, type Say } from '@dunlin/ui'
import type { ReactElement } from 'react'
import { useWord } from '../../parts/word-texts.ts'
import { type StrategyKey, useStrategyTexts } from './strategy-texts.ts'
import './strategies.css'

type Stage = Ladder['stages'][number]

/** The ladder drawn: a band per stage, its steps as nodes in the order of their days. A list to a screen reader. */
export function LadderView({ ladder }: { ladder: Ladder }): ReactElement {
  const say = useStrategyTexts()
  const language = currentLanguage() === 'en' ? 'en' : 'zh'
  const onEvents = ladder.steps.filter(({ stage }) => stage === null)
  return (
    <div className="ladder">
      {ladder.stages.map((stage) => (
        <Band
          key={stage.name}
          name={stage.name}
          about={spanOf(say, stage)}
          steps={ladder.steps
            .filter((step) => step.stage === stage.name)
            .toSorted((a, b) => a.trigger.days - b.trigger.days || a.time.localeCompare(b.time))}
        />
      ))}
      {onEvents.length > 0 && (
        <Band name={say('events')} about={say('eventsHint')} steps={onEvents} />
      )}
      {ladder.stops.length > 0 && (
        <section className="card">
          <h2>{say('stopTitle')}</h2>
          <ul className="stops">
            {ladder.stops.map(({ when, because }) => (
              <li key={when}>
                {because[language]} <code>{when}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function Band(props: { name: string; about: string; steps: readonly LadderStep[] }): ReactElement {
  const say = useStrategyTexts()
  const { name, about, steps } = props
  return (
    <section className="band card" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <p className="quiet">{about}</p>
      </header>
      {steps.length === 0 ? (
        <p className="quiet">{say('noSteps')}</p>
      ) : (
        <ol>
          {steps.map((step) => (
            <Node key={step.key} step={step} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Node({ step }: { step: LadderStep }): ReactElement {
  const say = useStrategyTexts()
  const word = useWord()
  return (
    <li className={`node ${step.channel}`}>
      <strong>{dayOf(say, step)}</strong>
      <span>
        {word(step.channel)} · {step.time}
      </span>
      <span className="quiet">{step.template}</span>
      {step.when !== null && <span className="quiet">{say('onlyWhen', { when: step.when })}</span>}
    </li>
  )
}

function spanOf(say: Say<StrategyKey>, { from, to }: Stage): string {
  if (to === null) return say('onward', { from })
  if (from < 0 && to <= 0) return say('preDue', { from: -from })
  return say('days', { from, to })
}

function dayOf(say: Say<StrategyKey>, { trigger }: LadderStep): string {
  const { kind, days, outcome } = trigger
  if (kind !== 'dpd') return say(kind, { days, outcome: outcome ?? '' })
  if (days === 0) return say('dayDue')
  return days > 0 ? say('dayAfter', { days }) : say('dayBefore', { days: -days })
}
