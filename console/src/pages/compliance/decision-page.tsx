import { formatInstant } from '@dunlin/ui'
import { Link, useParams } from '@tanstack/react-router'
import { Alert } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useComplianceTexts } from './compliance-texts.ts'
import { TONES } from './decision-list-page.tsx'
import { Explained } from './explained.tsx'
import './compliance.css'

/** Why the gate answered as it did, for people who know neither us nor the law by heart. */
export function DecisionPage(): ReactElement {
  const say = useComplianceTexts()
  const { decisionId } = useParams({ from: '/shell/decisions/$decisionId/why' })
  const { data, error, refetch } = useAnswer('GET /console-api/decisions/:decisionId', {
    params: { decisionId },
  })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const { verdict, until } = data.answer
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('decision', { id: data.decision.id })}</h1>
        <strong className={TONES[verdict]}>{say(`verdict.${verdict}`)}</strong>
        {until !== null && (
          <span className="quiet">
            {say('until')} {formatInstant(until)}
          </span>
        )}
        <span className="space" />
        <Link to="/decisions">{say('back')}</Link>
      </div>
      <Alert
        type={data.decision.isSame ? 'success' : 'error'}
        showIcon
        title={say(data.decision.isSame ? 'same' : 'differs')}
      />
      <Explained data={data} />
    </div>
  )
}
