import { currentLanguage } from '@dunlin/ui'
import { Checkbox } from 'antd'
import type { ReactElement } from 'react'
import { useDeskTexts } from './desk-texts.ts'
import type { Desk } from './use-desk.ts'
import type { Wrap } from './use-wrap.ts'

/** What is said in this stage, line by line; what must be said is ticked as it is said. */
export function ScriptCard({ desk, wrap }: { desk: Desk; wrap: Wrap }): ReactElement {
  const say = useDeskTexts()
  const language = currentLanguage() === 'en' ? 'en' : 'zh'
  const { script } = desk.data
  const { said } = wrap.draft
  const must = script.lines.filter((line) => line.must)
  const done = must.filter(({ key }) => said.includes(key)).length
  const toggle = (key: string): void =>
    wrap.set({
      said: said.includes(key) ? said.filter((each) => each !== key) : [...said, key],
    })
  return (
    <section className="card" aria-label={say('script')}>
      <h2>
        {say('script')} <small className="quiet">{script.title[language]}</small>
        <span className="space" />
        <small className={done === must.length ? 'good' : 'quiet'}>
          {say('saidCount', { said: done, must: must.length })} <kbd>S</kbd>
        </small>
      </h2>
      <ul className="script">
        {script.lines.map(({ key, text, must: isMust }) => (
          <li key={key}>
            <Checkbox
              checked={said.includes(key)}
              disabled={text === null}
              onChange={() => toggle(key)}
            >
              {text === null ? <span className="quiet">{say('hidden')}</span> : text[language]}
              {isMust && <span className="tag warn">{say('mustSay')}</span>}
            </Checkbox>
          </li>
        ))}
      </ul>
    </section>
  )
}
