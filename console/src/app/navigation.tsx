import {
  ApiOutlined,
  BarChartOutlined,
  BookOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  DatabaseOutlined,
  FileSearchOutlined,
  FolderOpenOutlined,
  IdcardOutlined,
  ImportOutlined,
  InboxOutlined,
  LockOutlined,
  MessageOutlined,
  NodeIndexOutlined,
  QuestionCircleOutlined,
  SafetyCertificateOutlined,
  TeamOutlined,
  UserOutlined,
} from '@ant-design/icons'
import type { Capability } from '@dunlin/contract'
import type { ReactElement } from 'react'
import type { ShellKey } from './shell-texts.ts'

export type Place = {
  readonly to: string
  readonly words: ShellKey
  readonly needs: Capability
  readonly icon: ReactElement
}
export type Section = { readonly words: ShellKey; readonly places: readonly Place[] }

/** The way around: a section per kind of work, each place shown to those who may go there. */
export const SECTIONS: readonly Section[] = [
  {
    words: 'section.day',
    places: [
      { to: '/', words: 'place.board', needs: 'board.read', icon: <DashboardOutlined /> },
      { to: '/desk', words: 'place.desk', needs: 'case.work', icon: <CustomerServiceOutlined /> },
      { to: '/cases', words: 'place.cases', needs: 'case.read', icon: <FolderOpenOutlined /> },
    ],
  },
  {
    words: 'section.manage',
    places: [
      { to: '/queues', words: 'place.queues', needs: 'queue.work', icon: <InboxOutlined /> },
      {
        to: '/assignment',
        words: 'place.assignment',
        needs: 'case.assign',
        icon: <TeamOutlined />,
      },
      {
        to: '/portfolios',
        words: 'place.portfolios',
        needs: 'portfolio.manage',
        icon: <DatabaseOutlined />,
      },
      {
        to: '/imports',
        words: 'place.imports',
        needs: 'portfolio.manage',
        icon: <ImportOutlined />,
      },
      {
        to: '/strategies',
        words: 'place.strategies',
        needs: 'strategy.read',
        icon: <NodeIndexOutlined />,
      },
      {
        to: '/templates',
        words: 'place.templates',
        needs: 'strategy.read',
        icon: <MessageOutlined />,
      },
      { to: '/providers', words: 'place.providers', needs: 'provider.read', icon: <ApiOutlined /> },
    ],
  },
  {
    words: 'section.control',
    places: [
      {
        to: '/decisions',
        words: 'place.decisions',
        needs: 'compliance.read',
        icon: <SafetyCertificateOutlined />,
      },
      {
        to: '/gate',
        words: 'place.gate',
        needs: 'compliance.read',
        icon: <QuestionCircleOutlined />,
      },
      { to: '/rules', words: 'place.rules', needs: 'compliance.read', icon: <BookOutlined /> },
      {
        to: '/evidence',
        words: 'place.evidence',
        needs: 'compliance.read',
        icon: <LockOutlined />,
      },
      {
        to: '/audit',
        words: 'place.audit',
        needs: 'compliance.read',
        icon: <FileSearchOutlined />,
      },
      {
        to: '/personal-data',
        words: 'place.personalData',
        needs: 'compliance.read',
        icon: <IdcardOutlined />,
      },
      { to: '/staff', words: 'place.staff', needs: 'staff.manage', icon: <UserOutlined /> },
      { to: '/reports', words: 'place.reports', needs: 'report.read', icon: <BarChartOutlined /> },
    ],
  },
]
