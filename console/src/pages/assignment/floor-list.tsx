import type { FloorAgent } from '@dunlin/contract'
import type { Say } from '@dunlin/ui'
import { useNavigate } from '@tanstack/react-router'
import { type ReactElement, useState } from 'react'
import { useAnswer } from '../../api/client.ts'
import { type May, useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { AgentSheet } from './agent-sheet.tsx'
import { type AssignmentKey, skillIn, useAssignmentTexts } from './assignment-texts.ts'
import { LoadMeter } from './load-meter.tsx'

const EVERY_MS = 15_000

/** Agents with their load, room and skills, and why a deal gives somebody nothing. */
export function FloorList(): ReactElement {
  const say = useAssignmentTexts()
  const navigate = useNavigate()
  const may = useMay('case.deal')
  const [changing, setChanging] = useState<FloorAgent | null>(null)
  const { data, error, refetch } = useAnswer('GET /console-api/agents', {}, { everyMs: EVERY_MS })
  if (error !== null && data === undefined)
    return <Failed error={error} reset={() => void refetch()} />
  return (
    <>
      <DataGrid
        label={say('tab.floor')}
        columns={columnsOf(say, { may, onChange: setChanging })}
        rows={data?.items ?? []}
        rowKey={({ login }) => login}
        onOpen={({ login }) =>
          void navigate({ to: '/assignment', search: { tab: 'moves', agent: login } })
        }
        empty={data === undefined ? '…' : say('noAgents')}
      />
      {changing !== null && <AgentSheet agent={changing} onClose={() => setChanging(null)} />}
    </>
  )
}

function columnsOf(
  say: Say<AssignmentKey>,
  { may, onChange }: { may: May; onChange: (agent: FloorAgent) => void },
): Column<FloorAgent>[] {
  return [
    {
      key: 'agent',
      title: say('agent'),
      width: 190,
      show: ({ name, login }) => (
        <span title={login}>
          <strong>{name}</strong> <span className="quiet">{login}</span>
        </span>
      ),
    },
    { key: 'team', title: say('team'), width: 120, show: ({ team }) => team ?? '–' },
    {
      key: 'agency',
      title: say('agency'),
      width: 120,
      show: ({ agency }) => agency ?? <span className="quiet">{say('house')}</span>,
    },
    {
      key: 'load',
      title: say('load'),
      width: 190,
      show: ({ name, held, capacity }) => (
        <LoadMeter label={`${say('load')} · ${name}`} held={held} capacity={capacity} />
      ),
    },
    {
      key: 'skills',
      title: say('skills'),
      show: ({ skills }) => {
        const words = skills.map((skill) => skillIn(say, skill)).join('、')
        return <span title={words}>{words === '' ? '–' : words}</span>
      },
    },
    {
      key: 'certified',
      title: say('certified'),
      width: 120,
      show: ({ certifiedUntil }) => certifiedUntil ?? '–',
    },
    {
      key: 'state',
      title: say('state'),
      width: 170,
      show: ({ barredBy }) =>
        barredBy === null ? (
          <span className="good">{say('ready')}</span>
        ) : (
          <span className={barredBy === 'full' ? 'warn' : 'quiet'}>
            {say(`barred.${barredBy}`)}
          </span>
        ),
    },
    {
      key: 'change',
      title: say('change'),
      width: 100,
      show: (agent) => (
        <ActionButton
          size="small"
          may={may}
          onClick={(event) => {
            event.stopPropagation()
            onChange(agent)
          }}
        >
          {say('change')}
        </ActionButton>
      ),
    },
  ]
}
