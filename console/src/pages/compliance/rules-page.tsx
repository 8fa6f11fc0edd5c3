import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { ReactElement } from 'react'
import { RULE_TABS } from './compliance-search.ts'
import { useComplianceTexts } from './compliance-texts.ts'
import { PolicyDiff } from './policy-diff.tsx'
import { RuleList } from './rule-list.tsx'

type Tab = (typeof RULE_TABS)[number]

/** The rules in force, and what differs between two sets of them. */
export function RulesPage(): ReactElement {
  const say = useComplianceTexts()
  const { tab = 'rules' } = useSearch({ from: '/shell/rules' })
  const navigate = useNavigate()
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('rulesTitle')}</h1>
        <Segmented<Tab>
          aria-label={say('rulesTabs')}
          value={tab}
          options={RULE_TABS.map((value) => ({ value, label: say(`tab.${value}`) }))}
          onChange={(value) => void navigate({ to: '/rules', search: { tab: value } })}
        />
      </div>
      {tab === 'rules' ? <RuleList /> : <PolicyDiff />}
    </div>
  )
}
