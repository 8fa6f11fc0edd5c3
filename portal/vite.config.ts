import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npx vite portal` serves the sources beside a running product; `build.ts` builds them. */
export default defineConfig({
  base: '/portal/',
  plugins: [react()],
  server: { proxy: { '/portal-api': 'http://127.0.0.1:8080' } },
  build: {
    // Browsers inside WeChat trail the others by years.
    target: 'es2020',
    assetsDir: 'assets',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
  },
})
