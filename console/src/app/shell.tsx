import { GlobalOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons'
import { changeLanguage, currentLanguage, formatInstant, useNow } from '@dunlin/ui'
import { Link, Outlet } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { lazy, type ReactElement, Suspense } from 'react'
import { call } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { Loading } from '../parts/loading.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Logo } from './logo.tsx'
import { SECTIONS } from './navigation.tsx'
import { useShellTexts } from './shell-texts.ts'
import { changeScheme, useScheme } from './theme.ts'
import { useTour } from './use-tour.ts'

/** Seen once: not part of what every page loads. */
const FirstTour = lazy(() =>
  import('./tour.tsx').then(({ FirstTour: Tour }) => ({ default: Tour })),
)

/** The frame around every page. */
export function Shell(): ReactElement {
  const say = useShellTexts()
  const tour = useTour()
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {say('skip')}
      </a>
      <Top onTour={tour.show} />
      <Side />
      <main className="main" id="main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      {tour.isShown && (
        <Suspense>
          <FirstTour onClose={tour.end} />
        </Suspense>
      )}
    </div>
  )
}

function Top({ onTour }: { onTour: () => void }): ReactElement {
  const say = useShellTexts()
  const me = useMe()
  const scheme = useScheme()
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <header className="top">
      <Link to="/" className="brand">
        <Logo />
        Dunlin
      </Link>
      {me.isDemo && (
        <Tooltip title={say('demoHint')}>
          <span className="demo">{say('demo', { rate: me.clock.rate })}</span>
        </Tooltip>
      )}
      <span className="space" />
      <Clock />
      <Tooltip title={say(other)}>
        <Button
          type="text"
          aria-label={say(other)}
          icon={scheme === 'dark' ? <SunOutlined /> : <MoonOutlined />}
          onClick={() => changeScheme(other)}
        />
      </Tooltip>
      <Button
        type="text"
        icon={<GlobalOutlined />}
        aria-label={say('language')}
        onClick={switchLanguage}
      >
        <span className="words">{say('language')}</span>
      </Button>
      <AccountMenu onTour={onTour} />
    </header>
  )
}

function switchLanguage(): void {
  const language = currentLanguage() === 'en' ? 'zh-CN' : 'en'
  changeLanguage(language)
  // The screen has changed already; that the choice follows to other machines may fail in silence.
  call('PUT /console-api/me/language', { body: { language } }).catch(() => undefined)
}

function Clock(): ReactElement {
  const now = useNow(1_000)
  return <time className="clock">{formatInstant(now)}</time>
}

function Side(): ReactElement {
  const say = useShellTexts()
  const { capabilities } = useMe()
  const sections = SECTIONS.map((section) => ({
    ...section,
    places: section.places.filter(({ needs }) => capabilities.includes(needs)),
  })).filter(({ places }) => places.length > 0)
  return (
    <nav className="side" aria-label={say('navigation')}>
      {sections.map(({ words, places }) => (
        <section key={words}>
          <h2>{say(words)}</h2>
          <ul>
            {places.map((place) => (
              <li key={place.to}>
                <Link
                  to={place.to}
                  activeOptions={{ exact: place.to === '/', includeSearch: false }}
                >
                  {place.icon}
                  {say(place.words)}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
