import { formatDay, formatMoney, textsOf } from '@dunlin/ui'
import { useCallback, useState } from 'react'
import { call, newKey } from '../app/client.ts'
import { useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { ActForm, Load } from '../parts/parts.tsx'

const usePapers = textsOf('papers', {
  zh: {
    title: '证明、协议与我的数据',
    hint: '在微信里打不开下载时，请点右上角用浏览器打开。',
    settled: '结清证明（借据 {{no}}）',
    agreement: '还款协议（第{{no}}号）',
    receipt: '还款回执 {{day}} {{amount}}',
    none: '还没有可以下载的文件。结清后可以在这里下载结清证明。',
    papers: '可下载的文件（PDF）',
    data: '我的数据',
    dataHint: '下载我们保存的关于您的全部数据（JSON 文件）。',
    download: '下载全部数据',
    erase: '申请删除我的数据',
    eraseHint: '法律要求我们把借款资料保存一段时间，到期之前不能删除。提交后会有专人处理。',
    erased: '已收到。按规定最早可在{{day}}删除，到时由专人核对后办理。',
  },
  en: {
    title: 'Papers and my data',
    hint: 'If a download does not open inside WeChat, open the page in your browser.',
    settled: 'Letter of settlement (contract {{no}})',
    agreement: 'Agreement no. {{no}}',
    receipt: 'Receipt {{day}} {{amount}}',
    none: 'There is nothing to download yet. Once a loan is settled, its letter is here.',
    papers: 'Papers (PDF)',
    data: 'My data',
    dataHint: 'Download everything that we hold about you (a JSON file).',
    download: 'Download my data',
    erase: 'Ask for deletion of my data',
    eraseHint:
      'The law makes us keep records of a loan for some time, and nothing is deleted before that. A person looks after your request.',
    erased: 'We have it. The earliest day by law is {{day}}; a person checks it and deletes then.',
  },
})

async function loadPapers() {
  const [me, owed, { plans }] = await Promise.all([
    call('GET /portal-api/me', {}),
    call('GET /portal-api/owed', {}),
    call('GET /portal-api/plans', {}),
  ])
  return { me, owed, plans: plans.filter(({ agreementSha256 }) => agreementSha256 !== '') }
}
type Given = Awaited<ReturnType<typeof loadPapers>>

export function PapersPage() {
  const say = usePapers()
  const [loaded, again] = useAnswer(useCallback(loadPapers, []))
  return (
    <Page title={say('title')}>
      <Load loaded={loaded} again={again}>
        {(given) => <Papers {...given} />}
      </Load>
    </Page>
  )
}

const FILES = '/portal-api/files'

function listPapers({ me, owed, plans }: Given, say: ReturnType<typeof usePapers>) {
  const receipts = owed.loans.flatMap(({ loanId, payments }) =>
    payments.map(({ eventNo, on, amountMinor }) => ({
      href: `${FILES}/receipts/${loanId}/${encodeURIComponent(eventNo)}`,
      text: say('receipt', {
        day: formatDay(on, me.today),
        amount: formatMoney(amountMinor, owed.currency),
      }),
    })),
  )
  const settled = owed.loans
    .filter(({ isSettled }) => isSettled)
    .map(({ loanId, loanNo }) => ({
      href: `${FILES}/settlements/${loanId}`,
      text: say('settled', { no: loanNo }),
    }))
  const agreements = plans.map(({ id }) => ({
    href: `${FILES}/agreements/${id}`,
    text: say('agreement', { no: id }),
  }))
  return [...settled, ...agreements, ...receipts]
}

function Papers(given: Given) {
  const say = usePapers()
  const papers = listPapers(given, say)
  return (
    <>
      <section aria-label={say('papers')}>
        <h2>{say('papers')}</h2>
        {papers.length === 0 ? (
          <p className="soft">{say('none')}</p>
        ) : (
          <ul className="tiles">
            {papers.map(({ href, text }) => (
              <li key={href}>
                <a href={href}>{text}</a>
              </li>
            ))}
          </ul>
        )}
        <p className="soft">{say('hint')}</p>
      </section>
      <section className="card" aria-label={say('data')}>
        <h2>{say('data')}</h2>
        <p>{say('dataHint')}</p>
        <p>
          <a href={`${FILES}/data`}>{say('download')}</a>
        </p>
        <Erase today={given.me.today} />
      </section>
    </>
  )
}

function Erase({ today }: { today: string }) {
  const say = usePapers()
  const [key] = useState(newKey)
  const [earliestOn, setEarliestOn] = useState<string | null>(null)
  if (earliestOn !== null)
    return (
      <p className="note good" role="status">
        {say('erased', { day: formatDay(earliestOn, today) })}
      </p>
    )
  return (
    <ActForm
      label={say('erase')}
      tone="default"
      act={async () => {
        const asked = await call('POST /portal-api/erasure', { body: {}, once: key })
        setEarliestOn(asked.earliestOn)
      }}
    >
      <p className="soft">{say('eraseHint')}</p>
    </ActForm>
  )
}
