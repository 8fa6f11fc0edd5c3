import { currentLanguage } from '@dunlin/ui'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App, ConfigProvider } from 'antd'
import en from 'antd/locale/en_US'
import zh from 'antd/locale/zh_CN'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from './queries.ts'
import { router } from './router.tsx'
import { themeFor, useScheme } from './theme.ts'

/** Everything that a page stands in: queries, language, theme, messages, router. */
export function Root(): ReactElement {
  const scheme = useScheme()
  useTranslation()
  return (
    <QueryClientProvider client={queries}>
      <ConfigProvider locale={currentLanguage() === 'en' ? en : zh} theme={themeFor(scheme)}>
        <App className="app">
          <RouterProvider router={router} />
        </App>
      </ConfigProvider>
    </QueryClientProvider>
  )
}
