import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DefaultTheme, defineConfig } from 'vitepress'

// The handbook: the pages of this folder as a site with search, served by the product under /help/.

const DOCS = join(import.meta.dirname, '..')

/** The heading of a page, so that a menu never says something else than the page. */
function titleOf(page: string): string {
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(join(DOCS, `${page}.md`), 'utf8')) ?? []
  return title.replaceAll('`', '')
}

function group(text: string, pages: readonly string[]): DefaultTheme.SidebarItem {
  return { text, items: pages.map((page) => ({ text: titleOf(page), link: `/${page}` })) }
}

const PACKS = 'cn wecom lender-default us us-ma us-nyc uk in id ph mx au ca-on ca-nb ec ru'
  .split(' ')
  .map((pack) => `rules/${pack}`)
const GUIDES = [
  ['import', 'strategies', 'plans', 'conversations', 'portal', 'wechat-pay', 'providers'],
  ['dispatch', 'evidence', 'content-lint', 'sandbox', 'real-data', 'bench'],
  ['http-api', 'webhooks'],
].map((names) => names.map((name) => `guide/${name}`))
const REFERENCE = ['configuration', 'http', 'events', 'errors', 'kpi'].map(
  (name) => `reference/${name}`,
)
const DECISIONS = [
  '0001-postgresql-is-the-record-and-the-queue',
  '0002-node-26-typescript-run-directly',
  '0003-sql-in-stores-without-a-query-builder',
  '0004-what-is-partitioned',
  '0005-lock-order',
  '0006-dependencies',
].map((name) => `decisions/${name}`)
const [LENDER = [], PROOF = [], INTEGRATION = []] = GUIDES

const zhSidebar = [
  group('每个岗位', ['zh/agent', 'zh/manager', 'zh/compliance', 'zh/administrator', 'zh/borrower']),
  group('规则（按规则包生成）', PACKS),
  group('更多（英文）', [...LENDER, ...PROOF, ...INTEGRATION]),
  group('参考（英文）', REFERENCE),
]
const enSidebar = [
  group('By role', ['agent', 'manager', 'compliance', 'administrator', 'borrower']),
  group('For the lender', LENDER),
  group('Proof and operation', PROOF),
  group('Integration', INTEGRATION),
  group('Rules, by pack', PACKS),
  group('Reference', REFERENCE),
  group('Decisions', DECISIONS),
]

export default defineConfig({
  base: '/help/',
  cacheDir: '../node_modules/.cache/vitepress',
  title: 'Dunlin',
  cleanUrls: false,
  metaChunk: true,
  lastUpdated: false,
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: enSidebar } },
    zh: {
      label: '简体中文',
      lang: 'zh-CN',
      link: '/zh/',
      themeConfig: {
        sidebar: zhSidebar,
        outline: { label: '本页内容' },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '语言',
      },
    },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: { locales: { zh: { translations: { button: { buttonText: '搜索' } } } } },
    },
    outline: 'deep',
  },
  markdown: {
    config: (md) => {
      // A link out of this folder leads to a file of the repository: here it is only its name.
      const render =
        md.renderer.rules.link_open ??
        ((tokens, index, options, _env, self) => self.renderToken(tokens, index, options))
      md.renderer.rules.link_open = (tokens, index, options, env, self) => {
        const token = tokens[index]
        if (token?.attrGet('href')?.startsWith('../../') === true) token.attrs = [['class', 'file']]
        return render(tokens, index, options, env, self)
      }
    },
  },
})
