import { startTexts } from '@dunlin/ui'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Root } from './app/root.tsx'
import './app/base.css'

startTexts()
const place = document.getElementById('root')
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  )
