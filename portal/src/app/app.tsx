import { changeLanguage, currentLanguage } from '@dunlin/ui'
import { lazy, Suspense } from 'react'
import { EnterPage } from '../pages/enter-page.tsx'
import { HomePage } from '../pages/home-page.tsx'
import { VerifyPage } from '../pages/verify-page.tsx'
import { Page } from '../parts/page.tsx'
import { call } from './client.ts'
import { go, useRoute } from './route.ts'
import { useFrame } from './texts.ts'

const PayPage = lazy(() => import('../pages/pay-page.tsx').then((m) => ({ default: m.PayPage })))
const PlanPage = lazy(() => import('../pages/plan-page.tsx').then((m) => ({ default: m.PlanPage })))
const HelpPage = lazy(() => import('../pages/help-page.tsx').then((m) => ({ default: m.HelpPage })))
const ChoicesPage = lazy(() =>
  import('../pages/choices-page.tsx').then((m) => ({ default: m.ChoicesPage })),
)
const MessagesPage = lazy(() =>
  import('../pages/messages-page.tsx').then((m) => ({ default: m.MessagesPage })),
)
const PapersPage = lazy(() =>
  import('../pages/papers-page.tsx').then((m) => ({ default: m.PapersPage })),
)

/** The frame: language, the way home, and the page of the address. */
export function App() {
  const say = useFrame()
  const [place = '', rest = ''] = useRoute()
  const isInside = !['s', 'verify', 'out', 'enter'].includes(place)
  return (
    <div className="frame">
      <header className="bar">
        {isInside && place !== '' ? <a href="#/">‹ {say('home')}</a> : <span>{say('title')}</span>}
        <button
          type="button"
          lang={currentLanguage() === 'en' ? 'zh-CN' : 'en'}
          onClick={() => changeLanguage(currentLanguage() === 'en' ? 'zh-CN' : 'en')}
        >
          {say('language')}
        </button>
      </header>
      <Suspense fallback={<p role="status">{say('loading')}</p>}>{pageOf(place, rest)}</Suspense>
      <footer className="foot">
        {place !== 'verify' && <a href="#/verify">{say('verify')}</a>}
        {isInside && (
          <button
            type="button"
            onClick={() => {
              void call('POST /portal-api/session/leave', { body: {} }).finally(() => go('out'))
            }}
          >
            {say('leave')}
          </button>
        )}
      </footer>
    </div>
  )
}

function pageOf(place: string, rest: string) {
  switch (place) {
    case 's':
      return <EnterPage key={rest} token={rest} />
    case 'verify':
      return <VerifyPage />
    case 'out':
      return <OutPage />
    case 'pay':
      return <PayPage />
    case 'plan':
      return <PlanPage />
    case 'help':
      return <HelpPage kind={rest} />
    case 'choices':
      return <ChoicesPage />
    case 'messages':
      return <MessagesPage />
    case 'papers':
      return <PapersPage />
    default:
      return <HomePage />
  }
}

function OutPage() {
  const say = useFrame()
  return (
    <Page title={say('outTitle')}>
      <p>{say('outText')}</p>
      <p>{say('outHow')}</p>
    </Page>
  )
}
