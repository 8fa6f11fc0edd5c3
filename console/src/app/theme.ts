import { type ThemeConfig, theme } from 'antd'
import { useSyncExternalStore } from 'react'

export type Scheme = 'light' | 'dark'

const STORED = 'dunlin.scheme'
const listeners = new Set<() => void>()
const system = matchMedia('(prefers-color-scheme: dark)')
system.addEventListener('change', notify)

/** What was chosen here, else what the machine prefers. */
export function currentScheme(): Scheme {
  const chosen = localStorage.getItem(STORED)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return system.matches ? 'dark' : 'light'
}

export function changeScheme(scheme: Scheme): void {
  localStorage.setItem(STORED, scheme)
  notify()
}

export function useScheme(): Scheme {
  return useSyncExternalStore(subscribe, currentScheme)
}

/** Ant Design's tokens; the page's own colours follow `data-scheme` in base.css. */
export function themeFor(scheme: Scheme): ThemeConfig {
  document.documentElement.dataset.scheme = scheme
  const isDark = scheme === 'dark'
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: 'dunlin' },
    token: {
      colorPrimary: isDark ? '#3fa7a3' : '#0f6663',
      colorLink: isDark ? '#6cc7c3' : '#0b5f5c',
      colorError: isDark ? '#ff7875' : '#b42318',
      colorTextDescription: isDark ? '#a3adb5' : '#56616b',
      colorTextPlaceholder: isDark ? '#9aa5ad' : '#66717b',
      borderRadius: 6,
      fontSize: 14,
      fontFamily:
        '-apple-system, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif',
      // Who asked the machine for less motion gets none.
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
    },
    // White on the dark scheme's lighter brand is too faint to read (WCAG 1.4.3).
    components: { Button: isDark ? { primaryColor: '#0f1417' } : {} },
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function notify(): void {
  for (const listener of listeners) listener()
}
